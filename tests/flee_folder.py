"""A small, made-up folder in the format of Flee 3, as files that a test changes before they are written."""

from __future__ import annotations

from pathlib import Path

LOCATIONS = """\
#name,region,country,latitude,longitude,location_type,conflict_date,population
Alpha,North,Aldia,1.0,10.0,conflict_zone,0,50000
Beta,North,Aldia,1.5,10.5,conflict_zone,20,80000
Gamma,South,Aldia,0.5,10.6,town,,9000
Camp One,East,Boria,1.2,11.5,camp,,4000
Camp Two,West,Cedria,0.8,9.0,camp,,9000
"""

ROUTES = """\
#name1,name2,distance,forced_redirection
Alpha,Beta,90,0
Beta,Gamma,120,0
Alpha,Gamma,100,0
Beta,Camp One,140,0
Gamma,Camp One,150,0
Alpha,Camp Two,130,0
"""

CONFLICTS = "#Day,Alpha,Beta,Gamma,Camp One,Camp Two\n" + "".join(f"{day},1,{int(day >= 20)},0,0,0\n" for day in range(60))

FILES = {
    "input_csv/locations.csv": LOCATIONS,
    "input_csv/routes.csv": ROUTES,
    "input_csv/conflicts.csv": CONFLICTS,
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncountry,Aldia,Boria,10,25\n",
    "input_csv/registration_corrections.csv": "Camp Two,2020-02-01,normalize\n",
    "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,60\n",
    "source_data/data_layout.csv": "total,refugees.csv\nCamp One,one.csv\nCamp Two,two.csv,two_more.csv\n",
    "source_data/refugees.csv": "2020-01-01,175\n2020-01-31,2500\n2020-03-10,6900\n",
    "source_data/one.csv": "2020-01-01,100\n2020-01-31,700\n2020-03-10,2900\n",
    "source_data/two.csv": "2020-01-01,80\n2020-01-31,2000\n2020-02-01,1500\n2020-03-10,3000\n",
    "source_data/two_more.csv": "2020-01-01,20\n2020-01-31,400\n2020-02-01,300\n2020-03-10,1000\n",
}

Files = dict[str, str | bytes | None]


def write_flee_folder(folder: Path, **changed: str | bytes | None) -> Path:
    """The folder with some files changed, added or (none) left out; keys are names as `input_csv__routes` without their ending."""
    files: Files = dict(FILES)
    for key, content in changed.items():
        name = key.replace("__", "/")
        files[name if "." in name else f"{name}.csv"] = content
    for name, content in files.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
