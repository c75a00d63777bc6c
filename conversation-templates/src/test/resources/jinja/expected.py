"""Writes expected.json and snippets.json: what Jinja2 itself, set up as the transformers library sets it up, makes of every template and snippet here.

    python3 src/test/resources/jinja/expected.py          (in conversation-templates; needs the package jinja2)
"""
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
TOOL = {"type": "function", "function": {"name": "weather", "description": "Tells the \"weather\" <b>", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "enum": ["Köln", "北京"]}}, "required": ["city"]}}}


class Refused(Exception):
    pass


def refuse(message):
    raise Refused(message)


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
    env.filters["tojson"] = lambda x, ensure_ascii=False, indent=None, separators=None, sort_keys=False: json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    env.globals["raise_exception"] = refuse
    env.globals["strftime_now"] = lambda form: NOW.strftime(form)
    return env


def m(role, content):
    return {"role": role, "content": content}


TALKS = {
    "all": dict(messages=[m("system", " S "), m("user", "U1\n"), m("assistant", " A1"), m("user", "U2 é 日本")]),
    "no system": dict(messages=[m("user", "U1"), m("assistant", "A1"), m("user", "U2")]),
    "one": dict(messages=[m("user", "false")]),
    "closed": dict(messages=[m("user", "U1"), m("assistant", "A1")], add_generation_prompt=False),
    "thinking": dict(messages=[m("user", "U1"), m("assistant", "<think>\nR\n</think>\n\nA1"), m("user", "U2")],
                     enable_thinking=False),
    "tool answers": dict(messages=[m("user", "U1"), m("assistant", "A1"), m("tool", "{\"t\": 1}"), m("tool", "T2"), m("user", "U2")]),
    "tools": dict(messages=[m("system", "S"), m("user", "U1")], tools=[TOOL, TOOL]),
}


def tokens(name):
    if name.startswith("llama-3"):
        return "<|begin_of_text|>", "<|eot_id|>"
    if name.startswith("deepseek"):
        return "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"
    if name.startswith("gemma"):
        return "<bos>", "<eos>"
    return "<s>", "</s>"


def left_out(template, variables, text):
    """The number of the first message that could say anything without changing the prompt, or None."""
    for i, said in enumerate(variables["messages"]):
        other = [*variables["messages"]]
        other[i] = {**said, "content": "Something else"}
        if template.render(**{**variables, "messages": other}) == text:
            return i + 1
    return None


expected = {}
for file in sorted(HERE.glob("*.jinja")):
    template = environment().from_string(file.read_text())
    begin, end = tokens(file.stem)
    results = {}
    missing = {}
    for talk, given in TALKS.items():
        variables = {"add_generation_prompt": True, "tools": None, "bos_token": begin, "eos_token": end, **given}
        try:
            results[talk] = template.render(**variables)
            missing[talk] = left_out(template, variables, results[talk])
        except (Refused, jinja2.exceptions.UndefinedError, TypeError) as e:
            results[talk] = None
    expected[file.stem] = {"begin": begin, "end": end, "prompts": results,
                           "left out": {talk: number for talk, number in missing.items() if number}}

SNIPPETS = (HERE / "snippets.txt").read_text().split("\n====\n")
GIVEN = {"x": "a <b> c", "xs": ["b", "a", "C"], "d": {"k": 1, "z": [1, 2.5, True, None, "ü\"\n"]}, "n": 7, "t": " \n pad \t", "none_": None,
         "ms": [m("user", "hi"), m("assistant", "yo"), m("user", "")], "k": "k", "emo": "😀ab😁c", "big": 18446744073709551615,
         "nums": [12345678.5, 10000000.0, 0.00012, 1e22, 1e-05, -0.0, 1e16, 0.1, 3]}
made = []
for source in SNIPPETS:
    try:
        made.append({"source": source, "text": environment().from_string(source).render(**GIVEN)})
    except Exception as e:
        made.append({"source": source, "text": None, "error": type(e).__name__})
(HERE / "snippets.json").write_text(json.dumps({"given": GIVEN, "snippets": made}, ensure_ascii=False, indent=1) + "\n")
(HERE / "expected.json").write_text(json.dumps({"talks": TALKS, "templates": expected}, ensure_ascii=False, indent=1) + "\n")
