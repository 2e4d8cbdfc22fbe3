"""Does a redirection out of a camp send a share on, in the manual's direction, while it lasts, and empty no camp?"""

from dataclasses import replace

import numpy as np
import pytest
from flee_folder import ROUTES, write_flee_folder

from corredor._simulate import simulate
from corredor.exchange.flee.folder import read_folder
from corredor.exchange.flee.redirections import SHARE, find_redirections
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.ways import find_ways
from corredor.exchange.flee.write import import_flee
from corredor.study.model import Model
from corredor.study.schema import Prior

CLOSURES = "#closure_type,name1,name2,closure_start,closure_end\n"
TO_TWO = ROUTES + "Camp One,Camp Two,400,2\n"


def redirections(folder, **changed):
    read = read_folder(write_flee_folder(folder, **changed))
    return find_redirections(read, find_ways(read, Remarks()))


def study(folder, **changed) -> Model:
    return import_flee(write_flee_folder(folder / "case", input_csv__closures=CLOSURES, **changed), folder / "study")[1]


def test_2_leads_from_the_first_place_to_the_second_and_1_the_other_way_as_the_manual_says(tmp_path):
    (two,) = redirections(tmp_path / "two", input_csv__routes=TO_TWO)
    assert (two.camp, two.to, two.km, two.periods) == ("Camp One", "Camp Two", 400, ((0, 60),))
    (one,) = redirections(tmp_path / "one", input_csv__routes=ROUTES + "Camp One,Camp Two,400,1\n")
    assert (one.camp, one.to) == ("Camp Two", "Camp One")


def test_it_ends_and_comes_back_as_closures_say(tmp_path):
    over = {"input_csv__routes": TO_TWO, "input_csv__closures": CLOSURES + "remove_forced_redirection,Camp One,Camp Two,30,0\n"}
    assert redirections(tmp_path / "over", **over)[0].periods == ((0, 30),)
    back = {"input_csv__routes": TO_TWO, "input_csv__closures": CLOSURES + "remove_forced_redirection,Camp One,Camp Two,30,40\n"}
    assert redirections(tmp_path / "back", **back)[0].periods == ((0, 30), (40, 60))
    never = {"input_csv__routes": TO_TWO, "input_csv__closures": CLOSURES + "remove_forced_redirection,Camp One,Camp Two,0,-1\n"}
    assert redirections(tmp_path / "never", **never) == []


def test_a_redirection_to_a_town_leads_to_the_nearest_camp_behind_it(tmp_path):
    (found,) = redirections(tmp_path, input_csv__routes=ROUTES + "Camp One,Gamma,150,2\n")
    # Gamma to Alpha 100, Alpha to Camp Two 130
    assert (found.camp, found.to, found.km) == ("Camp One", "Camp Two", 150 + 230)


def test_a_redirection_out_of_a_town_is_an_ordinary_road(tmp_path):
    routes = ROUTES.replace("Gamma,Camp One,150,0", "Gamma,Camp One,150,2")
    assert redirections(tmp_path / "forced", input_csv__routes=routes) == []
    read = read_folder(write_flee_folder(tmp_path / "read", input_csv__routes=routes))
    plain = read_folder(write_flee_folder(tmp_path / "plain"))
    assert find_ways(read, Remarks()).km == find_ways(plain, Remarks()).km


def test_the_share_that_goes_on_has_a_prior_and_the_camp_keeps_the_others(tmp_path):
    sends = study(tmp_path / "sends", input_csv__routes=TO_TWO)
    assert sends.parameters[SHARE].prior.beta == {"alpha": 1, "beta": 1} and sends.parameters[SHARE].basis == "assumption"
    run = simulate(sends, expected=True)
    camp = run["in_camps"].sel(place="camp_one").to_numpy()[0]
    chose = sum(run["reached_camps"].sel(route=name).sum() for name in run["route"].values if str(name).endswith(">camp_one"))
    # the mean of the prior is a half; the 100 people of the first day stay, and some are still on their way at the end
    assert camp[0] == pytest.approx(100, abs=1)
    assert camp[-1] - 100 == pytest.approx(float(chose) / 2, rel=0.05)


def test_taking_the_measure_away_leaves_everybody_where_they_arrive(tmp_path):
    sends, plain = study(tmp_path / "sends", input_csv__routes=TO_TWO), study(tmp_path / "plain")
    without = simulate(sends.without("camp_one_sends_on_to_camp_two"), expected=True)["in_camps"]
    np.testing.assert_allclose(without.to_numpy(), simulate(plain, expected=True)["in_camps"].to_numpy(), rtol=1e-9)


def test_all_or_nobody_can_be_sent_on(tmp_path):
    sends = study(tmp_path, input_csv__routes=TO_TWO)
    ends = []
    for share in (0.0, 1.0):
        parameters = sends.parameters | {SHARE: sends.parameters[SHARE].model_copy(update={"prior": Prior(fixed=share)})}
        run = simulate(replace(sends, parameters=parameters), expected=True)
        ends.append(run["in_camps"].sel(place="camp_one").to_numpy()[0, -1])
    assert ends[0] > 500 and ends[1] == pytest.approx(100, abs=1)
