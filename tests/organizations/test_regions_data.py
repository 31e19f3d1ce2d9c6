"""The region table that comes with the application."""

import csv
from collections import Counter
from importlib.resources import files

ROWS = list(
    csv.DictReader(
        files("collab.organizations").joinpath("data/regions.csv").read_text(encoding="utf-8").splitlines()
    )
)
BY_CODE = {row["code"]: row for row in ROWS}


def test_all_provinces_regencies_and_cities_are_there():
    counts = Counter(row["level"] for row in ROWS)
    assert counts["province"] == 38
    assert counts["regency"] + counts["city"] == 514
    assert (counts["regency"], counts["city"]) == (416, 98)


def test_every_code_is_listed_once():
    assert len(BY_CODE) == len(ROWS)


def test_every_region_but_a_province_lies_in_a_listed_one():
    for row in ROWS:
        if row["level"] == "province":
            assert row["parent_code"] == ""
        else:
            assert row["parent_code"] == row["code"].rpartition(".")[0]
            assert row["parent_code"] in BY_CODE


def test_regencies_and_cities_carry_their_class_in_the_name():
    for row in ROWS:
        if row["level"] in ("regency", "city"):
            assert row["name"].startswith("Kabupaten " if row["level"] == "regency" else "Kota ")


def test_regencies_have_numbers_below_70_and_cities_from_71():
    for row in ROWS:
        if row["level"] in ("regency", "city"):
            assert (int(row["code"][3:]) >= 71) == (row["level"] == "city")


def test_the_three_provinces_of_the_demonstration_have_their_regencies_and_cities():
    parts = Counter((row["parent_code"], row["level"]) for row in ROWS)
    assert [(parts[code, "regency"], parts[code, "city"]) for code in ("19", "62", "64")] == [
        (6, 1),
        (13, 1),
        (7, 3),
    ]
    assert BY_CODE["62.11"]["name"] == "Kabupaten Pulang Pisau"
    assert BY_CODE["62.71"]["name"] == "Kota Palangka Raya"


def test_two_villages_share_the_name_gohong():
    assert [row["code"] for row in ROWS if row["name"] == "Gohong"] == ["62.10.06.2017", "62.11.05.2006"]
    assert BY_CODE["62.11.05.2006"]["level"] == "village"
    assert BY_CODE["62.71.02.1005"]["level"] == "urban_village"
    assert BY_CODE["62.11.05"]["name"] == "Kahayan Hilir"
