"""The two .ini files say what they should, and the production one logs JSON."""

import configparser
import json
import logging
import logging.config
from pathlib import Path

import pytest

from collab.core.logs import JsonFormatter

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> configparser.ConfigParser:
    """Read an .ini file as the server does."""
    config = configparser.ConfigParser(defaults={"here": str(ROOT)})
    config.read(ROOT / name, encoding="utf-8")
    return config


def test_production_keeps_no_secret_and_no_address_of_a_database() -> None:
    text = read("production.ini")["app:main"]
    assert text["collab.environment"] == "production"
    assert "collab.secret" not in text
    assert "collab.database_url" not in text


@pytest.mark.parametrize("name", ["development.ini", "production.ini"])
def test_the_server_listens_on_this_machine_only_and_bounds_bodies(name: str) -> None:
    server = read(name)["server:main"]
    assert server["listen"] == "127.0.0.1:6543"
    assert read(name).get("server:port", "listen", vars={"http_port": "7000"}) == "127.0.0.1:7000"
    assert int(server["max_request_body_size"]) == 32 * 1024 * 1024


def test_production_believes_its_own_proxy_only() -> None:
    server = read("production.ini")["server:main"]
    assert server["trusted_proxy"] == "127.0.0.1"
    assert server["clear_untrusted_proxy_headers"] == "true"


@pytest.mark.parametrize("name", ["development.ini", "production.ini"])
def test_the_logging_of_a_file_can_be_set_up(name: str) -> None:
    config = read(name)
    for formatter in config["formatters"]["keys"].split(","):
        section = config[f"formatter_{formatter.strip()}"]
        assert section.get("class", "logging.Formatter") in {
            "logging.Formatter",
            "collab.core.logs.JsonFormatter",
        }


def test_a_log_line_is_one_json_object_whatever_is_in_it() -> None:
    try:
        raise ValueError('a "quoted"\nfailure')
    except ValueError as error:
        record = logging.LogRecord(
            "collab",
            logging.ERROR,
            "f.py",
            1,
            'said "%s"\nhere',
            ("x",),
            (ValueError, error, error.__traceback__),
        )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'said "x"\nhere'
    assert 'a "quoted"\nfailure' in json.loads(line)["traceback"]
