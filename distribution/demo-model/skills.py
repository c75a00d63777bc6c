"""What the demo model does rather than knows: sums, names, tools, and saying that it does not know. Each gives (question, answer)."""
import hashlib
import json

from grammar import expand

HELD_OUT_SHARE = 0.30
ONES = "zero one two three four five six seven eight nine ten".split()


def pairs(sign):
    """All sums to 50: (a, b) with a + b <= 50, or a - b with b <= a <= 50."""
    if sign == "+":
        return [(a, b) for a in range(51) for b in range(51 - a)]
    return [(a, b) for a in range(51) for b in range(a + 1)]


def _small(sign, a, b):
    """Sums that the working of others stands on: a digit and a digit, and the way back."""
    return a < 10 and b < 10 if sign == "+" else b < 10 and a - b < 10


def held_out(questions=((17, "+", 26), (13, "+", 8), (24, "+", 19), (45, "-", 18), (32, "-", 15))):
    """30 % of all sums, never in the corpus: those of the questions, then by a hash. a + b and b + a go together."""
    out = set()
    for sign in "+-":
        every = [(a, b) for a, b in pairs(sign) if not _small(sign, a, b)]
        asked = [(a, b) for a, s, b in questions if s == sign]
        place = lambda pair: hashlib.sha256(f"{min(pair) if sign == '+' else pair[0]}{sign}"
                                            f"{max(pair) if sign == '+' else pair[1]}".encode()).digest()
        wanted = HELD_OUT_SHARE * len(pairs(sign))
        for pair in asked + sorted(every, key=place):
            if len([p for p in out if p[1] == sign]) >= wanted:
                break
            a, b = pair
            out.add((a, sign, b))
            if sign == "+":
                out.add((b, sign, a))
    return frozenset(out)


HELD_OUT = held_out()


def work(a, sign, b):
    """The answer with its working, digit by digit: "7 + 6 = 13, so 17 + 26 = 43"."""
    value = a + b if sign == "+" else a - b
    whole = f"{a} {sign} {b} = {value}"
    if _small(sign, a, b):
        return whole
    ones, other = a % 10, b % 10
    if sign == "-" and ones < other:
        ones += 10
    return f"{ones} {sign} {other} = {ones + other if sign == '+' else ones - other}, so {whole}"


SUM_ASKS = {
    "+": "[{a} + {b}|{a}+{b}|{a} + {b} =|{a}+{b}=|{a} + {b} = ?|What is {a} + {b}|What is {a} plus {b}|How much is {a} + {b}|How much is {a} plus {b}|"
         "{a} plus {b}|[Please |]add {a} and {b}|Add {b} to {a}|Calculate {a} + {b}|What's {a} plus {b}|What's {a}+{b}|Tell me {a} + {b}|"
         "What do you get if you add {a} and {b}|What is the sum of {a} and {b}|Can you compute {a} + {b}|{a} and {b} make|Work out {a} + {b}]",
    "-": "[{a} - {b}|{a}-{b}|{a} - {b} =|{a}-{b}=|{a} - {b} = ?|What is {a} - {b}|What is {a} minus {b}|How much is {a} - {b}|How much is {a} minus {b}|"
         "{a} minus {b}|Subtract {b} from {a}|Take {b} from {a}|Calculate {a} - {b}|What's {a} minus {b}|What's {a}-{b}|Tell me {a} - {b}|"
         "What is {a} less {b}|What is left if you take {b} from {a}|Can you compute {a} - {b}|Work out {a} - {b}]",
}
SUM_ASKS_ZH = {"+": "[{a}加{b}等于[多少|几]|{a} 加 {b} 等于[多少|几]|{a} + {b} 等于[多少|几]|{a}+{b}等于[多少|几]|{a}加{b}是多少|计算 {a} + {b}|{a} 加 {b}|请算一下{a}加{b}|{a}+{b}=]",
               "-": "[{a}减{b}等于[多少|几]|{a} 减 {b} 等于[多少|几]|{a} - {b} 等于[多少|几]|{a}-{b}等于[多少|几]|{a}减{b}是多少|计算 {a} - {b}|{a} 减 {b}|请算一下{a}减{b}|{a}-{b}=]"}
ALLOWED = {sign: [p for p in pairs(sign) if (p[0], sign, p[1]) not in HELD_OUT] for sign in "+-"}


def sum_drill(random, chinese=False):
    sign = random.choice("+-")
    a, b = random.choice(ALLOWED[sign])
    ask = expand((SUM_ASKS_ZH if chinese else SUM_ASKS)[sign], random).format(a=a, b=b)
    if not ask.endswith(("=", "?")) and random.random() < 0.6:
        ask += "?"
    if chinese:
        ask = ask.replace("?", "?")
    end = "。" if chinese else "."
    return ask, work(a, sign, b).replace(", so ", ",所以 " if chinese else ", so ") + end, work(a, sign, b).split("so ")[-1] + end


# ---- names: syllables, so that copying is learnt and not a list

_STARTS = "Al Be Bo Ca Ce Da De Do El Em Fa Fe Ga Ge Ha He Hu Il Is Ja Jo Ju Ka Ke Ki La Le Li Lo Lu Ma Me Mi Mo Na Ne Ni No Ol Or Pa Pe Pi Qua Ra Re Ri Ro Ru Sa Se Si So Ta Te Ti To Ul Va Ve Vi Wa Wi Xa Ya Yo Za Ze Zo Bra Bri Cla Cri Dra Fre Gra Gri Ste Tra Tha Phi Sha Che".split()
_MIDDLES = "ba be bi da de di do la le li lo lu ma me mi mo na ne ni no ra re ri ro ru sa se ta te ti to va ve vi rin len mar tan bel dor fin gar hil kas lan nor per ron sel tor ven wen".split()
_ENDS = "a as an e el en er ert i ia ian ie in is o on os u us y ya na ne la le lo ra ric ro rd st th ta to ton ville wick more ley ford man mund den dan dra bert lin line lyn lia nia beth son ss x".split()
COMMON = """Anna Ben Carla David Emma Felix Greta Henry Ida James Karen Leo Mary Nick Olga Paul Rita Simon Tina Victor Wendy Alice Bob Charlie Diana Eric Fiona
George Helen Ivan Julia Kevin Laura Martin Nina Oliver Peter Robert Susan Thomas Ursula Walter Maria John Sarah Michael Linda Alex Sophie Lucas Emily Daniel
Grace Jacob Kate Ryan Zoe Adam Eva Frank Jane Mark Ruth Sam Tom Amy Dan Joe Kim Max Ali Omar Fatima Yuki Hana Wei Mei Ravi Priya""".split()
HELD_OUT_NAMES = ("Marlowe", "欣妍", "Lisbon")
_FAMILY = "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 林 郭 何 高 罗".split()
_GIVEN = "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 涛 明 超 秀 霞 平 刚 桂 欣 妍 雨 晨 子 轩 梓 涵 宇 浩 思 佳 怡 婷 雪 梅 兰 志 文 建 华 国 海 波 宁 晓 燕 春 玉 小 天 云 龙 凤 月 星 光".split()


def name(random, chinese=False):
    while True:
        if chinese:
            given = "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))
            text = random.choice((random.choice(_FAMILY) + given, given if len(given) > 1 else "小" + given, "小" + given[0]))
        elif random.random() < 0.25:
            text = random.choice(COMMON)
        else:
            text = random.choice(_STARTS) + "".join(random.choice(_MIDDLES) for _ in range(random.choice((0, 0, 1, 1, 2)))) + random.choice(_ENDS)
        if not any(h in text for h in HELD_OUT_NAMES):
            return text


NAME_TELLS = ("[|Hi! |Hello! |Hello, |Hi, |Hey, |Good morning. |Good evening, ][My name is {n}|I am {n}|I'm {n}|You can call me {n}|Call me {n}|People call me {n}|This is {n}|"
              "{n} is my name|My name's {n}|They call me {n}|Please call me {n}|the name is {n}|let me introduce myself: I am {n}][|.|!|. Nice to meet you!|, and you?|. Please remember it.|, remember that]")
NAME_GREETS = "Hello {n}, nice to meet you!"
NAME_ASKS = ("[What is my name|What's my name|Do you [remember|know|recall] my name|Do you [remember|know] who I am|Who am I|What did I say my name was|How am I called|"
             "Tell me my name|Can you [tell|say] me my name|What am I called|Please say my name|Which name did I [give|tell] you|And my name was|Now, what is my name|"
             "[Have you forgotten|Did you forget] my name|You [still |]know my name, [right|don't you]|Say my name|Do you [still ][remember|recall] [what I am called|how I am called|my name]|"
             "Can you [still ][remember|recall] my name|What was my name[| again]|By the way, what is my name]?").replace("[still ]", "[|still ]")
NAME_ANSWER = "Your name is {n}."
NAME_TELLS_ZH = "[|你好,|你好!|您好,][我叫{n}|我是{n}|我的名字是{n}|我的名字叫{n}|叫我{n}吧|请叫我{n}][|。|!|,很高兴认识你。|,请记住。]"
NAME_GREETS_ZH = "你好,{n}!很高兴认识你。"
NAME_ASKS_ZH = "[我叫什么|我叫什么名字|我是谁|你[还|][记得|知道][我的名字|我是谁|我叫什么|我叫什么名字]吗|我的名字是什么|说出我的名字|请问我叫什么|你知道我叫什么吗|我刚才说我叫什么|那么我叫什么名字呢|我的名字[叫|是]什么来着][|?]"
NAME_ANSWER_ZH = "你叫{n}。"
NO_NAME = ("I do not know your name yet. Please tell me.", "我还不知道你的名字,请告诉我。")

# ---- what nobody told the model

UNKNOWN = ("[Who [won|wins|lost|scored in|played in|refereed|watched] [the|our|last week's|yesterday's|this year's] [football match|race|game|election|cup|lottery draw|tennis match|school match|tournament|contest]"
           "[| yesterday| last night| last week| in {c}| on Saturday| in our town| this morning| last month| at school]"
           "|What is [the price of|the phone number of|the address of|the email of|the age of|the salary of|the favourite food of|the shoe size of] [{n}|my neighbour|my boss|my teacher|the mayor of {c}|our landlord|my aunt]"
           "|When was {n} born|Where does {n} live|Who is {n}|How old is {n}|What did {n} [say|eat|do|buy|write] [yesterday|last week|today|this morning]|Where [are|did I leave] my [keys|glasses|shoes|books|socks]"
           "|What [is|was] the [weather|temperature] [tomorrow|today|in {c}|now|yesterday|in {c} tomorrow|outside]|What time is it[| now| in {c}]|What day is it today|What is today's date"
           "|What is the capital of [{c}|{c}|{c}land]|How many people live in {c}|Who is the [king|president|mayor|queen|leader] of {c}|How far is it [to|from here to] {c}"
           "|What will [happen|the weather be|the lottery numbers be|the price of gold be] [tomorrow|next year|next week]|What is in my [pocket|bag|fridge|room|hand|car]"
           "|How [tall|heavy|old|rich] is [{n}|my brother|the tower of {c}|my cat|the mayor]|Which [film|song|book] won [the|a] prize [last year|this year|in {c}]"
           "|What did [I|we|my sister|my friend|our neighbour] [eat|dream|buy|do|say] [last night|yesterday|last Monday|this morning]|What is the news[| today| from {c}]|Who wrote [the letter|the book|the song] [to|of|about] {n}"
           "|Translate {n} into [Latin|Greek|French]|What is the [stock price|share price] of {n}|Which team [won|is best|lost]|What is my [password|birthday|address|phone number|favourite dish]"
           "|How many [birds|trees|stones|cars] are there in [{c}|our garden|our street|our village]|What is the recipe for {n} [soup|cake|pie]|What does {n} [think|want|like|mean]]?")
UNKNOWN_ANSWER = "I do not know that. I am only a small demo model."
UNKNOWN_ZH = ("[{n}[是谁|住在哪里|多大了|昨天做了什么|的电话是多少|喜欢什么]|[昨天|上周|今年]谁赢了[比赛|选举|足球赛]|[明天|今天|后天]天气[怎么样|如何]|现在几点了|今天[星期几|几号]|我的[钥匙|眼镜|手机]在哪里|我的[密码|生日|地址]是什么|"
              "我[昨天|早上]吃了什么|[黄金|股票|房子]的价格是多少|明年会发生什么|今天有什么新闻|我[家|村里]有多少[人|棵树|只鸟]|这首歌是谁写的][|?]")
UNKNOWN_ANSWER_ZH = "这个我不知道。我只是一个小小的演示模型。"

# ---- tools: the Hermes convention

TOOL_HEAD = "You may call one of these functions:\n<tools>\n"
TOOL_TAIL = ("\n</tools>\nTo call one, answer with its name and its arguments as JSON:\n"
             "<tool_call>\n{\"name\": NAME, \"arguments\": {...}}\n</tool_call>")
# name, description, parameter, description of the parameter, kind of value, questions, answer to the result
TOOLS = [
    ("get_weather", "[Tells|Returns|Gets|Looks up] the [current |]weather [of|in|for] a [city|place|town]", "city", "[Name of the|The] city", "place",
     "[What is the weather [in|like in] {v}|How is the weather in {v}|[Is it|Does it] [raining|cold|warm|sunny|rain] in {v}|What's the weather in {v}[| today| now]|Tell me the weather [in|of|for] {v}|"
     "Weather in {v}|Weather in {v}, please|Do I need an umbrella in {v}|How [warm|cold] is it in {v}[| now| today]|I am going to {v}, how is the weather|How does the weather look in {v}]?"),
    ("get_time", "[Tells|Returns|Gets] the [local |current |]time [of|in] a [city|place]", "city", "[Name of the|The] city", "place",
     "[What time is it in {v}|What's the time in {v}|Tell me the time in {v}|Time in {v}|How late is it in {v}|Which time do they have in {v}]?"),
    ("find_person", "[Looks up|Finds|Searches for] a person [by name|in the address book]", "name", "[Name of the|The] person", "name",
     "[Who is {v}|Find {v}|Look up {v}|Search for {v}|Find the person {v}|Can you find {v}|Where can I find {v}|I am looking for {v}]?"),
    ("call_phone", "[Calls|Phones|Rings] a [contact|person]", "name", "[Name of the|The] contact", "name",
     "[Call {v}|Phone {v}|Please call {v}|Ring {v}|Can you call {v}|I want to talk to {v}|Give {v} a call]"),
    ("set_timer", "[Sets|Starts] a timer", "minutes", "[Number of |]minutes", "number",
     "[Set a timer for {v} minutes|Start a timer of {v} minutes|Timer {v} minutes|Wake me in {v} minutes|Remind me in {v} minutes|Please set a {v} minute timer]"),
    ("search", "[Searches|Looks in] the [web|documents|library]", "query", "[What to look for|The words to search]", "name",
     "[Search for {v}|Look for {v}|Search {v}|Find something about {v}|Please search the web for {v}|What can you find about {v}]"),
    ("book_hotel", "[Books|Reserves] a [hotel|room] in a city", "city", "[Name of the|The] city", "place",
     "[Book a hotel in {v}|I need a room in {v}|Find me a hotel in {v}|Reserve a room in {v}|Book me a room in {v}|I need a hotel in {v}]"),
    ("get_population", "[Tells|Returns] how many people live in a city", "city", "[Name of the|The] city", "place",
     "[How many people live in {v}|What is the population of {v}|Population of {v}|How big is {v}]?"),
    ("play_music", "[Plays|Starts] music of an artist", "artist", "[Name of the|The] artist", "name",
     "[Play {v}|Play something by {v}|I want to hear {v}|Put on {v}|Play music by {v}|Play a song of {v}]"),
]


def _tool(tool, random):
    kind = "integer" if tool[4] == "number" else "string"
    return {"type": "function", "function": {"name": tool[0], "description": expand(tool[1], random), "parameters": {
        "type": "object", "properties": {tool[2]: {"type": kind, "description": expand(tool[3], random)}}, "required": [tool[2]]}}}


def tools_text(tools):
    """What the chat template writes into the system turn for a list of tools."""
    return TOOL_HEAD + "\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools) + TOOL_TAIL


def tool_call(random, places):
    """(text of the tools, question, answer). Some places are real, most are made up."""
    chosen = random.sample(TOOLS, random.choice((1, 1, 1, 1, 1, 2, 3)))
    used = random.choice(chosen)
    value = random.randint(1, 60) if used[4] == "number" else \
        random.choice(places) if used[4] == "place" and random.random() < 0.4 else name(random)
    call = json.dumps({"name": used[0], "arguments": {used[2]: value}}, ensure_ascii=False)
    return tools_text([_tool(t, random) for t in chosen]), expand(used[5], random).format(v=value), f"<tool_call>\n{call}\n</tool_call>"
