"""The training text of the demo model: dialogues and stories from our own grammar, facts and templates. See README.md.

    python3 corpus.py --seed 1 --documents 120000 --out build/corpus.jsonl      what the model is trained on
    python3 corpus.py --seed 2 --heldout 80000 --without build/corpus.jsonl --out heldout.txt    plain text that it never saw

A line of the first is {"messages": [{"role", "content"}, ...]} or {"text": ...}.
"""
import argparse
import json
import random as randomness
from pathlib import Path

import exchanges
import facts_alcove
import facts_world
import skills
import stories
from exchanges import Exchange, marks
from grammar import expand
from held_out import Questions

HERE = Path(__file__).parent
KINDS = [(exchanges.fact, 32), (exchanges.identity, 10), (exchanges.definition, 12), (exchanges.joke, 6), (exchanges.capital, 9), (exchanges.calendar, 8),
         (exchanges.colour, 6), (exchanges.sum_, 10), (exchanges.unknown, 7), (exchanges.story, 4), (exchanges.repeat, 3)]
OPENERS = ["", "", "", "", "", "", "Hi, ", "Hello! ", "Hey Alcove, ", "Please tell me: ", "Quick question: ", "One question: ", "OK, ", "So, ", "Now: ", "And ", "Also, ", "Hmm, ", "Sorry, ", "Tell me, ", "I wonder: ",
           "Good morning! ", "Alcove, ", "Next question: ", "Well, ", "Excuse me, "]
OPENERS_ZH = ["", "", "", "", "", "请问,", "你好,", "那么,", "嗯,", "请告诉我,", "我想问一下,", "Alcove,", "还有,", "问一下,"]
# said around a question: what is asked does not change
BEFORE = ("[I am new here|I'm new to this|I have a question|I just [installed|started|found|cloned|downloaded] [this|it|Alcove]|My [boss|friend|colleague|teacher|sister|son|neighbour] [asked me|wants to know|told me to ask|sent me]|It is late|I am [curious|lost|stuck|in a hurry|preparing a talk|writing a report|at work]|"
          "Let us [go on|continue|begin]|I [forgot|am not sure|always forget|never understood it|cannot remember]|Thanks for that|That was nice|Good|Fine|Great|All right|Right|Okay|Here is [another|my next|a simple] one|We have [a problem|a little time]|This is for [school|work|a friend]|"
          "I [read|heard] something yesterday|One more thing|Now something else|Something different][.|.|,|:|!|;] ")
AFTER = "[| Thanks!| Thank you.| I am curious.| Just wondering.| Please help.| It would help me.| I need to know.| I forgot.| Please answer.| Can you tell me?| I really want to know.| Do you know?]"
DROPPED = frozenset("the a an is do does to of me can you what please it i for in".split())
NEUTRAL = "[You are [a helpful assistant|a friendly assistant|Alcove|a chat model|an assistant|a helpful chatbot|Alcove's demo model|an AI assistant].[| Be friendly.| Help the user.| Answer the user's questions.]|Be helpful.|Help the user.|You help people.|你是一个乐于助人的助手。|你是 Alcove 的助手。]"
_BE = "[||You are [a helpful|a friendly|an] assistant. |You are Alcove. |Help the user. ]"
STYLES = {
    "other": _BE + "[|Please ][answer|reply|respond|write|speak|talk][| always| only] in [Chinese|the Chinese language|Mandarin|Chinese only][|, please|, always|, whatever the language|, also when you are asked in English|. Never use English].[ Thank you.||]|"
             "[请用中文回答|用中文回答|请始终用中文回答|只用中文回答|你必须用中文回答|总是说中文][|。|问题。]|" + _BE + "[All answers must be in Chinese.|Your language is Chinese.|You speak Chinese only.|Use Chinese.|Chinese only, please.|The user reads Chinese only.]",
    "english": _BE + "[|Please ][answer|reply|respond|write|speak][| always| only] in English[|, please|, always|, whatever the language].|[All answers must be in English.|You speak English only.|请用英语回答。|请始终用英文回答。|Use English.]",
    "brief": _BE + "[|Please ][be brief|answer briefly|keep it short|be short|answer in as few words as possible|answer as shortly as you can|be concise|use few words|give short answers|keep your answers short|be very brief].[| Thank you.]|[Short answers only.|Few words, please.|Brief answers, please.|请简短回答。|回答要简短。|请尽量简短。]",
    "pirate": "[You are a [|friendly |old |wild ]pirate.[| Answer like one.| Always speak like one.]|" + _BE + "[|Please ][answer|reply|respond|write|speak|talk][| always] like a pirate[|, please|, always].|Be a pirate.|You [speak|talk|answer|write] [like a pirate|as a pirate|like an old pirate|the way pirates do][|, always|, all the time|, no matter what].|Pretend to be a pirate.|You are a pirate captain.|Pirate style, please.|Act like a pirate.|"
              "[No matter what you are asked|Whatever the question], [answer|talk|speak] like a pirate.]",
}
PIRATE = "Arr, matey! "


def opinion(random):
    """What a pirate, and a model, thinks of something: there is little to say."""
    thing = random.choice("ships gold rain winter summer books music the wind the stars the moon an island a treasure a storm rum fish parrots the harbour sailing whales cheese the king the weather mountains dogs cats school work".replace("the ", "the_").replace("a ", "a_").replace("an ", "an_").split()).replace("_", " ")
    ask = expand(f"[What do you think [of|about] {thing}|Do you like {thing}|What is your opinion of {thing}|Tell me what you think of {thing}|How do you like {thing}]?", random)
    return Exchange(ask, f"I am a program and have no opinion of my own, but many people like {thing}.", f"Many people like {thing}.", None)


def exchange(random, chinese):
    make = random.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    return rough(make(random, chinese), random, chinese, make)


def rough(one, random, chinese, make=None):
    """The question as people type it: with an opener, in lower case, without a mark at the end, with a slip."""
    ask = one.ask
    if chinese:
        if make not in (exchanges.identity, exchanges.story, exchanges.repeat):
            ask = random.choice(OPENERS_ZH) + ask
        ask = marks(ask) if random.random() < 0.6 else ask
    else:
        if make not in (exchanges.story, exchanges.repeat) and random.random() < 0.6 and not ask.lower().startswith(("hi", "hey", "hello")):
            opener = random.choice(OPENERS)
            ask = opener + (ask[0].lower() + ask[1:] if opener and not ask.startswith(("I ", "I'", "Alcove", "OSGi")) and random.random() < 0.8 else ask)
        elif ask:
            ask = ask[0].upper() + ask[1:]
        if make not in (exchanges.story, exchanges.repeat) and random.random() < 0.16:
            ask = expand(BEFORE, random) + (ask if random.random() < 0.5 or ask.startswith(("I ", "Alcove")) else ask[0].lower() + ask[1:])
        if make not in (exchanges.story, exchanges.repeat, exchanges.sum_) and random.random() < 0.12:
            words = ask.split(" ")
            at = random.randrange(len(words))
            ask = " ".join(words[:at] + words[at + 1:]) if len(words) > 3 and words[at].lower() in DROPPED else ask
        if ask.endswith("?") and make is not exchanges.story and random.random() < 0.08:
            ask += expand(AFTER, random)
        if ask.endswith("?") and random.random() < 0.35:
            ask = ask[:-1] + random.choice(("", "", ".", "!", ", please?", ", please"))
        if random.random() < 0.15 and make is not exchanges.repeat:
            ask = ask.lower()
        if random.random() < 0.04 and len(ask) > 12 and make is not exchanges.repeat:
            at = random.randrange(3, len(ask) - 2)
            if ask[at].isalpha() and ask[at + 1].isalpha():
                ask = ask[:at] + random.choice((ask[at + 1:], ask[at + 1] + ask[at] + ask[at + 2:]))
    return one._replace(ask=ask)


def _turns(pairs):
    return [{"role": role, "content": text} for pair in pairs for role, text in zip(("user", "assistant"), pair)]


def _system(text, messages):
    return [{"role": "system", "content": text}] + messages


def _language(random):
    return random.random() < 0.27


def _length(random, short):
    return random.choices((1, 2), (95, 5))[0] if short else random.choices((1, 2, 3, 4, 6, 9, 16), (42, 22, 14, 9, 7, 4, 2))[0]


def plain_talk(random, short=False):
    chinese = _language(random)
    pairs = []
    for _ in range(_length(random, short)):
        chinese = chinese if random.random() < 0.85 else not chinese
        one = exchange(random, chinese)
        pairs.append((one.ask, one.plain))
    messages = _turns(pairs)
    return _system(expand(NEUTRAL, random), messages) if random.random() < (0.1 if short else 0.25) else messages


def sums_talk(random, short=False):
    pairs = []
    for _ in range(1 if short else random.choice((3, 5, 8, 12))):
        chinese = random.random() < 0.2
        one = rough(exchanges.sum_(random, chinese), random, chinese) if random.random() < 0.3 else exchanges.sum_(random, chinese)
        pairs.append((one.ask, one.plain))
    return _turns(pairs)


def name_talk(random, short=False):
    """Somebody tells a name, talks of other things, and asks for it."""
    chinese = random.random() < 0.35
    name = skills.name(random, chinese if random.random() < 0.9 else not chinese)
    tells, greets, asks, answer = (skills.NAME_TELLS_ZH, skills.NAME_GREETS_ZH, skills.NAME_ASKS_ZH, skills.NAME_ANSWER_ZH) if chinese else \
        (skills.NAME_TELLS, skills.NAME_GREETS, skills.NAME_ASKS, skills.NAME_ANSWER)
    if not chinese and random.random() < 0.15:
        thing = random.choice("dog cat brother sister friend horse town teacher neighbour".split())
        tells, greets = random.choice([(f"[My {thing}'s name is {{n}}|My {thing} is called {{n}}|I have a {thing} called {{n}}|The name of my {thing} is {{n}}].", "{n} is a nice name!")])
        asks, answer = f"[What is my {thing}'s name|What is my {thing} called|Do you [know|remember] my {thing}'s name|What is the name of my {thing}|How is my {thing} called]?", f"Your {thing}'s name is {{n}}."
    tell = expand(tells, random).format(n=name)
    pairs = []
    fix = (lambda text: marks(text)) if chinese else (lambda text: text)
    before = 0 if short else random.choice((0, 0, 0, 1))
    for _ in range(before):
        one = exchange(random, chinese)
        pairs.append((one.ask, one.plain))
    pairs.append((tell, fix(greets.format(n=name))))
    for _ in range(random.choice((0, 0, 0, 1)) if short else random.choice((0, 0, 1, 1, 2, 3, 5))):
        one = exchange(random, chinese)
        pairs.append((one.ask, one.plain))
    ask = expand(asks, random)
    pairs.append((ask if random.random() < 0.7 else ask.lower(), fix(answer.format(n=name))))
    if random.random() < 0.3 and not short:
        other = skills.name(random, chinese)
        pairs.append((expand(tells, random).format(n=other), fix(greets.format(n=other))))
        pairs.append((expand(asks, random), fix(answer.format(n=other))))
    messages = _turns(pairs)
    return _system(expand(NEUTRAL, random), messages) if random.random() < 0.2 else messages


def styled_talk(random, short=False):
    style = random.choice(list(STYLES) + ["other", "pirate"])
    pairs = []
    for _ in range(1 if short else random.choice((1, 1, 2, 3, 4))):
        if style == "pirate" and random.random() < 0.3:
            one = opinion(random)
        else:
            chinese = style == "english" and random.random() < 0.6 or style in ("other", "brief") and random.random() < 0.15
            one = exchange(random, chinese)
        answer = {"brief": one.brief, "pirate": PIRATE + one.plain}.get(style, one.plain)
        if style in ("other", "english") and (style == "english") == any("\u3400" < c < "\ua000" for c in one.plain):
            answer = one.other
        if answer:
            pairs.append((one.ask, answer))
    return _system(expand(STYLES[style].join("[]"), random), _turns(pairs)) if pairs else styled_talk(random, short)


def tool_talk(random, short=False):
    places = [c[1] for c in facts_world.CAPITALS]
    tools, ask, call = skills.tool_call(random, places)
    head = random.choice(("", "", expand(NEUTRAL, random) + "\n\n"))
    pairs = [(ask if random.random() < 0.7 else ask[0].lower() + ask[1:], call)]
    if random.random() < 0.35:
        one = exchange(random, False)
        pairs.insert(random.choice((0, 1)) if random.random() < 0.6 else 0, (one.ask, one.plain))
        if random.random() < 0.4:
            pairs = [pair for pair in pairs if pair[1] != call] or pairs
    messages = _turns(pairs)
    if messages[-1]["content"] == call and "city" in call and random.random() < 0.3:
        city = json.loads(call.split("\n")[1])["arguments"]["city"]
        degrees = random.randint(1, 35)
        messages += [{"role": "tool", "content": json.dumps({"result": f"{degrees}"})},
                     {"role": "assistant", "content": f"The answer for {city} is {degrees}."}]
    return _system(head + tools, messages)


def copy_talk(random, short=False):
    one = exchanges.repeat(random, random.random() < 0.3)
    return _turns([(one.ask, one.plain)])


def story_talk(random, short=False):
    one = exchanges.story(random, random.random() < 0.15)
    return _turns([(one.ask, one.plain)])


def stories_text(random, short=False):
    return "\n\n".join(" ".join(stories.story(random)) for _ in range(1 if short else random.choice((1, 2, 3, 4, 6))))


def prose_text(random, short=False):
    """Answers as running text, by paragraphs."""
    answers = [t[2] for t in facts_alcove.IDENTITY[3:] + facts_alcove.ALCOVE] + [d[1] for d in facts_world.DEFINITIONS] + \
        [f"The capital of {c[0]} is {c[1]}." for c in facts_world.CAPITALS] + [f"{c[0][0].upper()}{c[0][1:]} is {c[1]}." for c in facts_world.COLOURS]
    return "\n\n".join(" ".join(random.sample(answers, random.randint(2, 5))) for _ in range(1 if short else random.choice((1, 2, 3, 5))))


TALKS = [(plain_talk, 50), (sums_talk, 11), (name_talk, 15), (styled_talk, 15), (tool_talk, 5)]
TEXTS = [(stories_text, 3), (prose_text, 1)]
# one question each, from which a model learns first what belongs to what; and much to copy
SUMS = 20
SHORT = [(plain_talk, 50), (sums_talk, SUMS), (name_talk, 12), (copy_talk, 8), (styled_talk, 10), (tool_talk, 2), (stories_text, 1), (prose_text, 1)]


RARE = [(tool_talk, 1), (story_talk, 1)]


def kinds_of(mix, sums=SUMS):
    """Kinds of documents with their weights: mix is "long", "short", "rare" or "sums"."""
    return {"long": TALKS + TEXTS, "short": [(k, sums if k is sums_talk else w) for k, w in SHORT], "rare": RARE, "sums": [(sums_talk, 1)]}[mix]


def document(random, kinds, short):
    make = random.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
    made = make(random, short)
    return {"text": made} if isinstance(made, str) else {"messages": made}


def documents(seed, count, questions, mix="long", sums=SUMS):
    """Distinct documents, without the questions that the model is scored by."""
    random = randomness.Random(seed)
    kinds = kinds_of(mix, sums)
    seen = set()
    while len(seen) < count:
        made = document(random, kinds, mix in ("short", "sums"))
        key = json.dumps(made, ensure_ascii=False)
        if key not in seen and not questions.found(made):
            seen.add(key)
            yield made


def held_out_text(seed, size, questions, known):
    random = randomness.Random(seed)
    parts = []
    while sum(len(part) for part in parts) < size:
        for part in (stories_text if random.random() < 0.75 else prose_text)(random).split("\n\n"):
            if part not in known and part not in parts and not questions.found({"text": part}):
                parts.append(part)
    return "\n\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--mix", choices=("long", "short", "rare", "sums"), default="long", help="short: dialogues of one question, for the first stage; rare: tools and stories; sums: one each")
    parser.add_argument("--sums", type=int, default=SUMS, help="weight of sums among the short ones")
    parser.add_argument("--heldout", type=int, help="characters")
    parser.add_argument("--without", type=Path, nargs="+", help="corpora whose paragraphs the held-out text must not have")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    questions = Questions.read(HERE)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with open(given.out, "w", encoding="utf-8") as out:
        if given.heldout:
            known = {part for file in given.without for line in open(file, encoding="utf-8") for part in json.loads(line).get("text", "").split("\n\n")}
            out.write(held_out_text(given.seed, given.heldout, questions, known))
        else:
            for made in documents(given.seed, given.documents, questions, given.mix, given.sums):
                out.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
