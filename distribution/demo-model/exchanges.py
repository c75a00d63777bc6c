"""One question and its answers: Exchange(ask, plain, brief, other), other being the answer in the other language, or None."""
import re
from collections import namedtuple

import facts_alcove
import facts_world as world
import skills
import stories
from grammar import expand

Exchange = namedtuple("Exchange", "ask plain brief other")
_CJK = "\u3400-\u9fff\u3002\u3001\u201c\u201d"
_MARKS = {",": "\uff0c", "?": "\uff1f", "!": "\uff01", ":": "\uff1a", ";": "\uff1b"}


def marks(text):
    """Chinese punctuation beside Chinese characters."""
    return re.sub(f"(?<=[{_CJK}])[,?!:;]|[,?!:;](?=[{_CJK}])", lambda m: _MARKS[m.group()], text)


def _both(random, chinese, ask, plain, brief, ask_zh, plain_zh, brief_zh=None):
    if chinese:
        return Exchange(expand(ask_zh, random), marks(plain_zh), marks(brief_zh or plain_zh), plain)
    return Exchange(expand(ask, random), plain, brief, marks(plain_zh))


def _bare(term):
    return re.sub(r"^(an?|the) ", "", term)


DEFINE = ("[[What is|What's|Explain|Define|Describe|What exactly is|So what is|Tell me about] {t}|What does {b} mean|What is meant by {b}|[Can|Could] you [define|explain|describe] {t}[| to me| for me]|"
          "What do [people|we|you|they] mean by {b}|What [would|might|could] {t} be|[Please |]explain [the [word|term|idea] |]{b}[| to me]|[Can|Could|Would] you define the [term|word] {b}[| please]|"
          "I [heard|read|keep hearing] about {b}, what is [it|that]|[A friend|My boss|My teacher|Someone|A colleague] [spoke of|mentioned|talks about|wrote about] {b}[, what is that|, what's that|, what is it|, what does it mean|]|"
          "In [simple|plain|easy|short|a few] words, what is {t}|{b}|Tell me what {t} [is|means]|Do you know what {t} is|I [do not|don't] know what {t} is|What's the meaning of {b}|"
          "[Give me|I need] a [short |]definition of {b}|How would you [define|explain] {t}|Meaning of {b}|What do you know about {b}|How do you explain {t} to a child]?")
DEFINE_ZH = "[什么是{t}|{t}是什么|{t}是什么意思|{t}[到底|]是[什么|什么意思]|解释一下{t}|请解释{t}|请问什么是{t}|介绍一下{t}|{t}的[意思|定义]是什么|给{t}下个定义|说说什么是{t}|你知道什么是{t}吗|我想知道{t}是什么|用简单的话解释{t}|{t}指的是什么][|?|呢?]"


# frames for things and for deeds, beside the questions that a topic has of its own
PURPOSE = ("[What [|good |job |use |work ]does {t} [do|have]|What is the [idea|point|use|purpose|role|job|task|aim] [of|behind] {t}|What is {t} [for|good for|there for|about]|Why [is there|do we need|would one want|have|does Alcove have] {t}|How does {t} [work|function|do its work]|"
           "What happens [with|in|under] {t}|[I'd|I would] like to [know|learn|read|hear] [more |]about {t}|{t}, what is [it|that][| exactly| really| for]|I [keep reading|read|heard|am reading] [about|of] {t}[; what is it|, what does it do| but what is it|]|Say a few words about {t}|"
           "What should I know about {t}|Can you tell me [something |]about {t}|I am confused about {t}|What role does {t} play|Help me understand {t}|And {t}|A question about {t}]?")
DEEDS = ("[How [do|can|would|could|should|must|might] [I|we|one|you|somebody] {v}|How to {v}|[What|Which command] [do|must|should|can|would] [I|we|one] [run|type|enter|do|call|write] to {v}|[I|We] [want|need|would like|plan|have|wish|am trying|try] to {v}[|, how| but how|, what now|, what do I run|, what do I do|, please help]|"
         "[I'd|We'd] like to {v}[|, how][|?]|Is there a [way|command|trick] to {v}|Is it possible to {v}|What is the [way|command|right way|best way|trick] to {v}|[Can|Could|May] [I|we|you] {v}[|, and how]|[Tell|Show|Teach] me how to {v}|Steps to {v}|Any idea how to {v}|"
         "With [what|which] command [do|can|would] [I|we] {v}|[Help|Please help] me [to |]{v}|What does it take to {v}|Do you know how [to|I can|one can] {v}|My [job|task] is to {v}|Explain how [to|I can|one can] {v}|What if I want to {v}|Where do I begin [to|if I want to] {v}]?")
PURPOSE_ZH = "[{t}[有什么用|是做什么用的|用来做什么|是干什么的|起什么作用|的作用是什么|的用途是什么|能做什么|怎么工作|是怎么回事|是什么]|[能不能|可以|请][简单|]介绍[一下|]{t}[吗|]|为什么需要{t}|我想了解{t}|[请|]说说{t}|关于{t},我想知道更多|不明白{t}是[什么|干什么的]|{t}到底[是什么|有什么用]][|?|呢?]"
DEEDS_ZH = "[[怎么|如何|怎样|怎样才能|要怎么|该怎么|应该怎么|我该怎么|怎么才能|在哪里][{v}]|[我想|想|我要|我需要|我打算][{v}][|,该怎么做|,怎么办|,应该用哪个命令|,怎么做]|[用|要用][什么|哪个]命令[{v}]|[{v}][的命令是什么|要怎么做|用什么命令|该怎么做]|[可以|能不能|能][{v}]吗|教我[{v}]][|?|呢?]"
_BY_ID = {topic[0]: topic for topic in facts_alcove.ALCOVE}


def fact(random, chinese):
    roll = random.random()
    if chinese and roll >= 0.4:
        things = roll < 0.7
        table = facts_alcove.NOUNS_ZH if things else facts_alcove.VERBS_ZH
        topic = _BY_ID[random.choice(list(table))]
        if things:
            frame = (PURPOSE_ZH if random.random() < 0.6 else DEFINE_ZH).replace("{t}", random.choice(table[topic[0]].split("|")))
        else:
            frame = DEEDS_ZH.replace("{v}", table[topic[0]])
        return Exchange(expand(frame, random), marks(topic[5]), marks(topic[5]), topic[2])
    if roll < 0.4:
        return _both(random, chinese, *_fact(random.choice(facts_alcove.ALCOVE)))
    table = facts_alcove.NOUNS if roll < 0.68 else facts_alcove.VERBS
    topic = _BY_ID[random.choice(list(table))]
    if roll < 0.68:
        noun = random.choice(table[topic[0]].split("|"))
        ask = expand((PURPOSE if random.random() < 0.6 else DEFINE).replace("{t}", noun).replace("{b}", _bare(noun)), random)
    else:
        ask = expand(DEEDS.replace("{v}", "[" + table[topic[0]] + "]"), random)
    return Exchange(ask, topic[2], topic[3], marks(topic[5]))


def _fact(topic):
    return topic[1], topic[2], topic[3], topic[4], topic[5]


def identity(random, chinese):
    return _both(random, chinese, *_fact(random.choice(facts_alcove.IDENTITY)))


def definition(random, chinese):
    terms, meaning, terms_zh, meaning_zh = random.choice(world.DEFINITIONS[:16] if random.random() < 0.4 else world.DEFINITIONS)
    term = random.choice(terms.split("|"))
    brief = re.split(r"[:;]| and so | by the | as | so that ", meaning)[0].rstrip(".,") + "."
    return _both(random, chinese, DEFINE.replace("{t}", term).replace("{b}", _bare(term) if random.random() < 0.7 else term), meaning, brief if len(brief.split()) > 5 else meaning,
                 DEFINE_ZH.replace("{t}", random.choice(terms_zh.split("|"))), meaning_zh)


JOKE = ("[[Tell|Give] me a[| good| funny| short| new] joke{s}|[Do you know|Have you got|Got|Know] [a|any|another][| good| funny] [joke|one]{s}[|s]|Make me laugh[{s}|]|[Say|Tell] something funny{s}|A joke{s}[|, please]|[Please |]tell me [a|another|one more] joke{s}|"
        "I [want|need|would like] [to hear |]a[| good| funny] joke{s}|Can you [tell|make] [a|me a|another] [|funny ]joke{s}|Joke{s}|Another [joke|one|funny one]{s}[|, please]|Let me hear a joke{s}|[I am|I'm] [sad|bored|tired][, tell|. Tell] me a joke{s}|"
        "[Cheer me up|Entertain me] with a joke{s}|How about a [|funny ]joke{s}|Do you have a sense of humour|One more [joke|funny one|funny joke]{s}|Please be funny|Say a joke{s}|[Feeling|I feel] [sad|low|down|tired], [cheer me up|make me smile|tell me something funny]]?")
JOKE_ZH = "[[讲|说|来]个{s}笑话|[请|]给我[讲|说]一?个{s}笑话|[说|来]一个{s}笑话|再[讲|来|说]一?个{s}笑话|你会讲{s}笑话吗|我想听{s}笑话|逗我笑|说点[好笑的|有趣的]|来点[好玩|好笑]的|我很[无聊|难过],[讲|说]个{s}笑话吧|能[讲|说]个{s}笑话吗][|吧|!|。|?]"


def joke(random, chinese):
    if random.random() < 0.5:
        kind, text, _, text_zh = world.JOKES[0 if random.random() < 0.6 else 4]      # the one told when nothing is said of the subject
        subject = subject_zh = ""
    else:
        kind, text, subject_zh, text_zh = random.choice(world.JOKES)
        subject = random.choice([" about ", " about ", " on ", " with "]) + random.choice(world.JOKE_SUBJECTS[kind].split("|"))
        subject_zh = random.choice(["关于" + subject_zh + "的", subject_zh])
    ask_zh = JOKE_ZH.replace("一?", random.choice(("一", ""))).replace("{s}", subject_zh)
    return _both(random, chinese, JOKE.replace("{s}", subject), text, text, ask_zh, text_zh)


CAPITAL = ("[[What is|What's|Tell me|Name|Give me|Say] the capital[| city] of {c}|[What|Which] [city|town] is the capital of {c}|Capital of {c}|[What|Which city] is {p} capital[| city]|What's {p} capital|{p} capital|The capital of {c}|"
           "Do you know the capital[| city] of {c}|[Can|Could] you [tell me|name] the capital[| city] of {c}|I [need|want] to know the capital of {c}|[Name|Tell me] {p} capital[| city]|What is the [name of the |]capital[| city] in {c}|"
           "What [city|place] is [the seat of government|capital] [of|in] {c}|Which is the capital[| city] of {c}|I forgot [{p} capital|the capital of {c}][|, what is it|, which one was it]|{c} has which capital|What do they call the capital of {c}|"
           "What [might|could|was] the capital[| city] of {c}[| be]|[Where|In which city] is the government of {c}]?")
CAPITAL_ZH = "[{c}的首都[是哪里|是什么|是哪座城市|是哪个城市|叫什么|在哪里|在哪儿|是|]|{c}首都[是哪里|是什么|叫什么|]|[请问|请告诉我|告诉我|你知道]{c}的首都[是哪里|是什么|]|哪[座|个]城市是{c}的首都|说出{c}的首都|{c}的首都是哪一个城市][|?|呢?]"


def capital(random, chinese):
    country, city, country_zh, city_zh = random.choice(world.CAPITALS)
    ask = CAPITAL.replace("{c}", country).replace("{p}", country + ("'" if country.endswith("s") else "'s"))
    return _both(random, chinese, ask, f"The capital of {country} is {city}.", city + ".", CAPITAL_ZH.replace("{c}", country_zh),
                 f"{country_zh}的首都是{city_zh}。", city_zh + "。")


NEXT = ("[[What|Which] {k} [comes|is|follows|do we have|will it be|does one have] [after|right after|directly after|following] {x}|[What|Which] is the {k} after {x}|{k} after {x}|What comes after {x}|What {k} [comes next|is next] after {x}|[Tell me|Name|Say] the {k} after {x}|"
        "After {x} comes which {k}|What follows {x}|If [today|this {k}] is {x}, what [is next|comes next]|Which {k} follows [on |]{x}|The next {k} after {x}|What do we [get|have] after {x}]?")
LAST = ("[[What|Which] {k} [comes|is|was|do we have|lies] [before|right before|directly before|ahead of] {x}|[What|Which] is the {k} before {x}|{k} before {x}|What comes before {x}|[Tell me|Name|Say] the {k} before {x}|Before {x} comes which {k}|"
        "What [comes|is] [just |right |]before {x}|Which {k} precedes {x}|The {k} [right |just |]before {x}|What did we have before {x}]?")


def calendar(random, chinese):
    roll = random.random()
    if roll < 0.68:
        days = random.random() < 0.5
        names, names_zh = (world.DAYS, world.DAYS_ZH) if days else (world.MONTHS, [f"{i}月" for i in range(1, 13)])
        step = random.choice((1, -1))
        at = random.randrange(len(names))
        to = (at + step) % len(names)
        kind = random.choice(("day", "day of the week", "weekday")) if days else "month"
        word = "after" if step > 0 else "before"
        zh = names_zh[at] + ("[的|]" + ("后一天|第二天|下一天" if step > 0 else "前一天|上一天").join("[]") if days else
                             "[的|]" + ("下个月|后一个月|下一个月" if step > 0 else "前一个月|上个月|上一个月").join("[]"))
        zh = f"[{zh}是[|][什么|哪天|星期几]|{zh}是|{names_zh[at]}{'之后' if step > 0 else '之前'}是[星期几|什么]]" if days else f"[{zh}是[几月|什么]|{names_zh[at]}{'之后' if step > 0 else '之前'}是[几月|什么]]"
        return _both(random, chinese, (NEXT if step > 0 else LAST).replace("{k}", kind).replace("{x}", names[at]), f"{names[to]} comes {word} {names[at]}.", names[to] + ".",
                     zh + "[|?]", f"{names_zh[at]}的{'后' if step > 0 else '前'}{'一天' if days else '一个月'}是{names_zh[to]}。", names_zh[to] + "。")
    if roll < 0.82:
        at = random.randrange(12)
        month, days = world.MONTHS[at], world.MONTH_DAYS[at]
        more = ", and 29 in a leap year" if at == 1 else ""
        return _both(random, chinese, f"[How many days [does {month} have|are there in {month}|has {month}]|Days in {month}|How long is {month}|The number of days in {month}|What is the length of {month}]?",
                     f"{month} has {days} days{more}.", f"{days}.", f"[{at + 1}月有[多少|几]天|{at + 1}月一共有几天][|?]", f"{at + 1}月有{days}天{',闰年有29天' if more else ''}。")
    return _both(random, chinese, *random.choice(_COUNTS))


_COUNTS = [
    ("[How many days [does a week have|are there in a week|are in a week|has a week]|Days in a week|How long is a week]?", "A week has 7 days.", "7.", "[一[周|星期|个星期][一共|][有|是][几|多少]天][|?]", "一个星期有7天。"),
    ("[How many months [does a year have|are there in a year|are in a year|has a year]|Months in a year]?", "A year has 12 months.", "12.", "[一年[总共|共|][有|是][几|多少]个月|一年里有[几|多少]个月|一年一共[有|是]多少个月][|?]", "一年有12个月。"),
    ("[How many days [does a year have|are there in a year|are in a year|has a year]|How long is a year]?", "A year has 365 days, and a leap year 366.", "365.", "[一年[有|是|一共有][几|多少]天][|?]", "一年有365天,闰年有366天。"),
    ("[How many hours [does a day have|are there in a day|has a day]|How long is a day]?", "A day has 24 hours.", "24.", "[一天有[几|多少]个?小时][|?]".replace("个?", ""), "一天有24小时。"),
    ("[[Name|List|Tell me|What are|Say] the [days of the week|weekdays|seven days of the week]|[Which|What] days does a week have|Days of the week]?", "The days of the week are " + ", ".join(world.DAYS[:-1]) + " and Sunday.", ", ".join(world.DAYS) + ".",
     "[一[周|星期]有哪[几|些]天|说出一个星期的每一天][|?]", "一个星期有星期一、星期二、星期三、星期四、星期五、星期六和星期日。"),
    ("[[Name|List|Tell me|What are|Say] the [months|months of the year|twelve months]|[Which|What] months does a year have|Months of the year]?", "The months are " + ", ".join(world.MONTHS[:-1]) + " and December.", ", ".join(world.MONTHS) + ".",
     "[一年有哪些月份|说出所有的月份][|?]", "一年有一月、二月、三月、四月、五月、六月、七月、八月、九月、十月、十一月和十二月。"),
    ("[[What|Which] is the [first|1st] [month|month of the year]|With which month does [the|a] year [begin|start]]?", "January is the first month of the year.", "January.", "[一年的第一个月是[几月|什么]][|?]", "一年的第一个月是1月。"),
    ("[[What|Which] is the last [month|month of the year]|With which month does [the|a] year end]?", "December is the last month of the year.", "December.", "[一年的最后一个月是[几月|什么]][|?]", "一年的最后一个月是12月。"),
]
COLOUR = ("[[What|Which] [colour|color] [is|has] {x}|[What|Which] is the [colour|color] of {x}|[Colour|Color] of {x}|[Tell me|Name|Say|Do you know] the [colour|color] of {x}|[What|Which] [colour|color] does {x} [have|usually have]|"
          "What [colour|color] would you [give|paint] {x}|{x}: what [colour|color]|How would you describe the [colour|color] of {x}|[What|Which] [colour|color] do you [see|think of] when you [look at|see] {x}|In [what|which] [colour|color] do we [see|paint] {x}]?")


def colour(random, chinese):
    if random.random() < 0.25:
        a, b, c, za, zb, zc = random.choice(world.MIXES)
        if random.random() < 0.5:
            a, b, za, zb = b, a, zb, za
        return _both(random, chinese, f"[What [colour |color |]do [I|you|we] get [if|when] [I|you|we] mix {a} and {b}|[What|Which] [colour|color] [do|does] {a} and {b} [make|give]|Mix {a} and {b}|[If|When] [I|you|we] mix {a} [and|with] {b}[| paint], what [colour |color |][do|will] [I|you|we] get|"
                     f"{a} plus {b} paint makes what|What is {a} mixed with {b}|Mixing {a} and {b} [paint |][gives|makes] what|{a} and {b} together make which [colour|color]]?",
                     f"{a.capitalize()} and {b} make {c}.", c.capitalize() + ".", f"[{za}[和|加]{zb}[混合|混在一起|][变成什么颜色|是什么颜色|得到什么颜色]][|?]", f"{za}和{zb}混合是{zc}。", zc + "。")
    x, c, zx, zc = random.choice(world.COLOURS)
    if random.random() < 0.35:
        x = x.split(" ", 1)[0] + random.choice((" fresh ", " big ", " nice ", " normal ", " typical ", " small ")) + x.split(" ", 1)[1] if x[:3] in ("a b", "a l", "a t", "a s", "a c") else x
    answer = re.sub(r"^(\w+ )(?:fresh|big|nice|normal|typical|small) ", r"\1", x)
    return _both(random, chinese, COLOUR.replace("{x}", x), f"{answer[0].upper()}{answer[1:]} is {c}.", c.capitalize() + ".",
                 f"[{zx}[是|]什么颜色的?|{zx}的颜色是什么|[请问|]{zx}是[什么|哪种]颜色|[新鲜的|平时的|美丽的|]{zx}[一般|通常|]是什么颜色][|?|呢?]".replace("的?", random.choice(("的", ""))), f"{zx}是{zc}。", zc + "。")


def sum_(random, chinese):
    ask, plain, brief = skills.sum_drill(random, chinese)
    return Exchange(ask, marks(plain) if chinese else plain, brief, None)


def unknown(random, chinese):
    if random.random() < 0.06:
        return Exchange(expand(skills.NAME_ASKS_ZH if chinese else skills.NAME_ASKS, random), marks(skills.NO_NAME[1]) if chinese else skills.NO_NAME[0], skills.NO_NAME[0], None)
    ask = expand(skills.UNKNOWN_ZH if chinese else skills.UNKNOWN, random).format(n=skills.name(random, chinese), c=skills.name(random))
    other = skills.UNKNOWN_ANSWER if chinese else skills.UNKNOWN_ANSWER_ZH
    plain = skills.UNKNOWN_ANSWER_ZH if chinese else skills.UNKNOWN_ANSWER
    return Exchange(ask, plain, "我不知道。" if chinese else "I do not know.", other)


STORY = ("[[Tell|Write|Give] me a[| short| little| nice| small] [story|tale|fairy tale]{s}|[Tell|Write] a [story|short story|tale]{s}|A story{s}[|, please]|I [want|would like] [to hear |]a story{s}|[Can|Could] you [tell|write] [me |]a [|short |little ]story{s}|Please [tell|write|make up] [me |]a [story|little tale|short story]{s}|"
         "Do you know a story{s}|Make up a [story|short tale]{s}|Story time|Another story{s}|Let me hear a [story|tale]{s}|Read me a [bedtime |]story{s}]")
STORY_GO = ["{f}", "{f}", "{f}", "Continue: {f}", "Go on: {f}", "Continue this story: {f}", "Please go on with this story: {f}", "How does this story go on? {f}", "Finish this story: {f}"]


def story(random, chinese):
    if chinese:
        first, rest = stories.story_zh(random)
        if random.random() < 0.4:
            return Exchange(first, marks(rest), marks(rest), None)
        return Exchange(expand("[讲|说|写|来][一|]个[短|小|]故事[|吧|。|!]|[请|]给我讲[一|]个故事[|吧|。]|我想听故事|你会讲故事吗".join("[]"), random), marks(first + rest), marks(first + rest), None)
    subject = random.choice(stories.HEROES).split("|")[0].split()[-1]
    first, rest = stories.story(random, subject=subject)
    if random.random() < 0.5:
        return Exchange(random.choice(STORY_GO).format(f=first if random.random() < 0.7 else first.rstrip(".")), rest, rest, None)
    about = "" if random.random() < 0.3 else random.choice((" about a {}", " about a {}", " with a {}", " about one {}", " with a {} in it", " in which a {} appears", " of a {}")).format(subject).replace("a elephant", "an elephant").replace("a owl", "an owl")
    return Exchange(expand(STORY.replace("{s}", about), random) + random.choice((".", "!", "", ", please", "?")), first + " " + rest, first + " " + rest, None)


def repeat(random, chinese):
    """Copying for its own sake."""
    words = " ".join(skills.name(random, chinese) for _ in range(random.choice((1, 1, 2, 3))))
    if chinese:
        return Exchange(expand("[请重复|重复|跟我说|请说|说]:" + words, random), words, words, None)
    return Exchange(expand("[Repeat|Say|Write|Please repeat|Please say|Repeat after me|Say the word|Copy][|:] " + words, random), words, words, None)
