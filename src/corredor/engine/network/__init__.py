"""Names become numbers: a Model as compartments, moves, journeys, terms and cells that the kernel can run."""

from __future__ import annotations

from corredor.engine.network.build import build_network
from corredor.engine.network.flow_network import FlowNetwork

__all__ = ["FlowNetwork", "build_network"]
