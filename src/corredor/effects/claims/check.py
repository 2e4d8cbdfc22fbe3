"""From a study to findings about its claims: each kind has a file of its own, the rules are in verdicts.py."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

from corredor.effects.claims.distances import check_distance
from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Finding, Findings
from corredor.effects.claims.levels import check_level
from corredor.effects.claims.missing_figures import untold_by
from corredor.effects.claims.numbers import check_amount, check_comparison
from corredor.effects.claims.register import check_documented, check_no_act
from corredor.effects.claims.runs import Runs, needed_by
from corredor.effects.claims.spending import check_dollars
from corredor.effects.claims.verdicts import judge_opinion, judge_without_figures
from corredor.effects.compare.each_without import AS_IT_WAS
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted, study_and_fit
from corredor.study.arguments import DateLike, StudyLike, count_of, date_of, jobs_of, seed_of
from corredor.study.model import Model
from corredor.study.problems import ArgumentError
from corredor.study.schema import Claim


def check_claims(
    study: StudyLike,
    *,
    draws: int = 200,
    seed: int = 1,
    jobs: int | None = None,
    as_of: DateLike | None = None,
    curves: bool = False,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    show_small_cells: str | None = None,
    progress: Progress | None = None,
) -> Findings:
    """A verdict on each claim of a study, with its evidence and with what was assumed; `corredor claims` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    draws
        Pairs of simulations behind claims about effects.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the verdicts.
    as_of
        Only figures published by this day count; the study's last day unless given. A later day answers claims about the months after
        the study, from published series alone.
    curves
        Put the question of each claim about an effect to its series with other forms, windows and donors too; some seconds a claim.
    priors_only, fitted
        As of `simulate`; a fit in the study's folder that saw later figures than `as_of` is left aside.
    show_small_cells
        Why counts of fewer than five people are told, and what would give them away; without a reason they are not.
    progress
        Called with the number of draws finished and of all.

    Returns
    -------
    Findings
        A tuple with one Finding for each claim, in the order of claims.yaml.

    Raises
    ------
    StudyError
        Every problem of the study and of its claims.
    ValueError
        A given fit that saw later figures than `as_of`, a day before the study begins, draws or jobs below 1, or a wrong seed.

    Examples
    --------
    >>> findings = check_claims("two-towns", draws=2)
    >>> findings.table()["verdict"].iloc[1]
    'contradicted'
    """
    draws, seed, jobs = count_of(draws, "draws"), seed_of(seed), jobs_of(jobs)
    given = fitted is not None
    model, fitted = study_and_fit(study, fitted, priors_only)
    day = model.study.to if as_of is None else date_of(as_of, "as_of", first=model.study.from_)
    if fitted is not None and fitted.as_of > day:
        if given:
            found = f"the fit saw figures published by {fitted.as_of}"
            raise ArgumentError("fitted", found, f"a fit to what was published by {day}", "a later as_of, or priors_only=True")
        fitted = None
    runs = Runs(model, draws, seed, jobs, progress, fitted)
    findings: dict[str, Finding] = {}
    # claims about the same measures one after the other
    for claim in sorted(model.claims, key=lambda claim: needed_by(claim) or ()):
        finding = _check(model, claim, day, curves, runs, show_small_cells is None)
        findings[claim.id] = replace(finding, hides_small=show_small_cells is None)
    return Findings(findings[claim.id] for claim in model.claims)


def _check(model: Model, claim: Claim, as_of: dt.date, curves: bool, runs: Runs, hides_small: bool) -> Finding:
    if claim.level is not None:
        return check_level(model, claim, as_of, hides_small)
    if claim.distance is not None:
        return check_distance(model, claim)
    if claim.amount is not None:
        return check_amount(model, claim, as_of, hides_small)
    if claim.dollars is not None:
        return check_dollars(model, claim, runs.of(AS_IT_WAS), runs.fitted, hides_small)
    if claim.documented is not None:
        return check_documented(model, claim)
    if claim.no_act_of is not None:
        return check_no_act(model, claim)
    if claim.effect is not None:
        asked = needed_by(claim)
        return check_effect(model, claim, runs.of(asked) if asked is not None else None, as_of, curves, runs.fitted, hides_small)
    if claim.comparison is not None:
        return check_comparison(model, claim, as_of, runs.seed, hides_small)
    if claim.not_testable_because is not None:
        return Finding(claim, judge_opinion(claim.not_testable_because), would_change="Nothing that can be counted.")
    needed = claim.would_need or ""
    return Finding(claim, judge_without_figures(needed, untold_by(claim)), would_change=needed)
