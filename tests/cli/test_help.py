"""Does the help group the commands, give an example of each that can be given, and does a wrong name get the nearest ones?"""

import json
import shlex

import pytest

from corredor import cli
from corredor.cli.app import GROUPS
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study
from corredor.study.problems import likeliest

EXAMPLES = [example for commands in GROUPS.values() for example in commands.values()]


def test_commands_stand_in_groups_in_the_order_of_a_studys_life(here):
    printed = here("--help").stdout
    at = [printed.index(f"─ {group} ─") for group in ("Study", "Simulate", "Learn", "Explain", "Exchange", "Help")]
    assert at == sorted(at)
    for group, commands in GROUPS.items():
        panel = printed[printed.index(f"─ {group} ─") :].split("╰")[0]
        places = [panel.index(f"│ {name} ") for name in commands]
        assert places == sorted(places), group
    assert {name for commands in GROUPS.values() for name in commands} == {name for name in cli.app if not name.startswith("-")}


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_can_be_given_and_stand_in_the_help(here, example):
    words = shlex.split(example)
    assert words[0] == "corredor"
    cli.app.parse_args(words[1:], exit_on_error=False, print_error=False)
    assert example in " ".join(here(words[1], "--help").stdout.split())


def test_short_flags_are_the_long_ones(here, tmp_path):
    long = ("--draws", 3, "--seed", 4, "--jobs", 1, "--out", "long", "--json")
    short = ("-d", 3, "-s", 4, "-j", 1, "-o", "short", "--json")
    one, other = (json.loads(here("run", "two-towns", *flags).stdout) for flags in (long, short))
    assert one["summary"] == other["summary"] and (tmp_path / "short" / "results.nc").is_file()
    assert here("compare", "two-towns", "-w", "bridge_patrols", "-d", 2, "-o", "c").returncode == cli.WELL


def test_the_shell_can_complete_commands(here):
    assert "--install-completion" in here("--help").stdout
    script = cli.app.generate_completion(shell="bash")
    assert all(name in script for name in ("forecast", "sensitivity", "--as-of"))


def test_compare_with_nothing_lists_the_measures(here, tmp_path):
    done = here("compare", "mexico-2018")
    model = load_study(bundled_studies()["mexico-2018"])
    assert done.returncode == cli.USAGE and not (tmp_path / "runs").exists()
    lines = done.stderr.splitlines()
    for measure in model.measures:
        (line,) = [line for line in lines if line.startswith(f"  {measure.id} ")]
        assert measure.title in line and ("no effect in the model" in line) == (not measure.acts_on)
    told = json.loads(here("compare", "two-towns", "--json").stdout)
    assert told["measures"][0]["id"] == "bridge_patrols" and told["measures"][0]["acts"] is True


def test_a_wrong_name_gets_the_nearest_three_and_not_a_line_of_all(here):
    done = here("compare", "mexico-2018", "--without", "metering")
    assert done.returncode == cli.INVALID
    (expected,) = [line for line in done.stderr.splitlines() if line.startswith("  expected")]
    of = f"(of {len(load_study('mexico-2018').measures)})"
    assert expected.count("_") < 8 and "metering_guidance, metering_everywhere or " in expected and of in expected
    output = here("compare", "mexico-2018", "--without", "metering_guidance", "--output", "port_adm")
    assert "port_admissions" in output.stderr and len(output.stderr) < 200
    total = here("sensitivity", "mexico-2018", "--output", "apprehension")
    (found,) = [line for line in total.stderr.splitlines() if line.startswith("  found")]
    assert found.count(",") == 1 and "us_apprehensions" in found and found.endswith("(of 45)")


def test_short_lists_are_told_in_full():
    assert likeliest("x", ["a", "b"]) == "a or b" and likeliest("x", []) == "none"
    assert likeliest("north", [f"{n}_place" for n in "abcdefg"] + ["north_gate"], 2).startswith("north_gate or ")
