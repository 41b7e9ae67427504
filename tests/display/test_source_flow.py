"""The diagram of who passes on whom."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from articles.display.source_flow import MAX_PARTNERS, MAX_STREAM_WIDTH, Partner, render_flow

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own output


def test_flow_without_partners_is_empty():
    assert render_flow([], [], title="x") == ""


def test_partner_is_a_link_with_name_and_claims():
    root = parse(render_flow([Partner("Lee & <Co>", 3, "/a/?b&c")], [], title='"Flow"'))

    (link,) = root.iter(f"{SVG}a")

    assert (link.get("href"), link.get("aria-label")) == ("/a/?b&c", "Lee & <Co>: 3")


def test_stream_widths_are_proportional_and_limited():
    many = [Partner(f"P{n}", 100 - n * 10, "/") for n in range(MAX_PARTNERS + 4)]

    streams = list(parse(render_flow([], many, title="x")).iter(f"{SVG}path"))

    assert len(streams) == MAX_PARTNERS

    widths = [float(path.get("stroke-width") or 0) for path in streams]

    assert widths[0] == MAX_STREAM_WIDTH
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == MAX_PARTNERS
