"""Names become numbers: a Model as compartments, links, journeys, terms and cells that the kernel can run."""

from __future__ import annotations

from corredor.network.build import FlowNetwork, build_network

__all__ = ["FlowNetwork", "build_network"]
