"""Writes the small sets beside this file: python3 distribution/demo-model/eval/make_sets.py

Choices in C-Eval's layout (dev/, val/) and continuations in the fields of LAMBADA, HellaSwag, PIQA and WinoGrande (*.jsonl), 40
questions of each kind. All texts are our own. The same seed gives the same files.
"""
import csv
import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from facts_world import CAPITALS, COLOURS, DAYS, DAYS_ZH, DEFINITIONS, MONTHS  # noqa: E402

SEED = 4
KEPT_FOR_DEV = 5
ASKED = 10

ALCOVE = [  # question, right answer, three wrong ones
    ("Alcove 是用哪种编程语言写的?", "Java", "Python", "Rust", "Go"),
    ("启动 Alcove 服务器用哪条命令?", "alcove serve", "alcove quantize", "alcove tokenize", "alcove perplexity"),
    ("让模型变小用哪条命令?", "alcove quantize", "alcove serve", "alcove worker", "alcove controller"),
    ("Alcove 的 API 默认端口是多少?", "8080", "80", "443", "21001"),
    ("新的插件 jar 应该复制到哪个文件夹?", "plugins", "conf", "lib", "system"),
    ("Alcove 建立在哪个模块系统之上?", "OSGi", "Spring", "Node.js", "Qt"),
    ("内核插件包做什么?", "把打包的权重和输入相乘", "选择工作进程", "保存聊天记录", "发送电子邮件"),
    ("调度策略在 Alcove 中做什么?", "为请求选择工作进程", "压缩模型权重", "把文本切成词元", "加密硬盘"),
    ("“抽签”(lottery)策略怎样选择工作进程?", "随机,快的更常被选中", "总是选第一个", "按名字的字母顺序", "由用户投票"),
    ("“最短队列”策略选择哪个工作进程?", "等待最少的", "名字最短的", "最慢的", "最新安装的"),
    ("Alcove 的 API 与哪一家的接口相同?", "OpenAI", "微软", "谷歌", "苹果"),
    ("工作进程用哪个参数找到控制器?", "--controller", "--port", "--model", "--name"),
    ("换用另一个模型用哪个参数?", "--model", "--port", "--host", "--data"),
    ("量化有什么用?", "模型更小,需要的内存更少", "模型更大", "让屏幕更亮", "让网络更快"),
    ("使用 Alcove 时,聊天内容会去哪里?", "留在自己的机器上", "发给广告公司", "公开在网上", "寄到邮箱"),
]


def choose(right, others, count, dice):
    """The right answer among others that differ from it and from each other; and where it stands."""
    wrong = dice.sample(sorted({other for other in others if other != right}), count)
    answers = wrong[:]
    place = dice.randrange(count + 1)
    answers.insert(place, right)
    return answers, place


def subjects(dice):
    """Questions by subject: (question, answers, index of the right one)."""
    capitals = [(f"{zh}的首都是哪里?", *choose(city, [row[3] for row in CAPITALS], 3, dice)) for _, _, zh, city in
                dice.sample(CAPITALS, KEPT_FOR_DEV + ASKED)]
    colours = [(f"{zh}是什么颜色?", *choose(colour, [row[3] for row in COLOURS], 3, dice)) for _, _, zh, colour in
               dice.sample(COLOURS, 9)]
    days = [(f"{DAYS_ZH[i]}之后是星期几?", *choose(DAYS_ZH[(i + 1) % 7], DAYS_ZH, 3, dice)) for i in dice.sample(range(7), 6)]
    mixed = colours + days
    dice.shuffle(mixed)
    sums = []
    for _ in range(KEPT_FOR_DEV + ASKED):
        a, b = dice.randint(1, 25), dice.randint(1, 25)
        sums.append((f"{a} + {b} = ?", *choose(str(a + b), [str(a + b + d) for d in (-10, -2, -1, 1, 2, 10) if a + b + d > 0], 3,
                                               dice)))
    alcove = [(question, *choose(right, wrong, 3, dice)) for question, right, *wrong in ALCOVE]
    dice.shuffle(alcove)
    return {"capitals": capitals, "colours_and_days": mixed, "sums": sums, "alcove": alcove}


def write_choices(name, questions):
    for split, rows in (("dev", questions[:KEPT_FOR_DEV]), ("val", questions[KEPT_FOR_DEV:])):
        path = HERE / split / f"{name}_{split}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["id", "question", "A", "B", "C", "D", "answer"] + (["explanation"] if split == "dev" else []))
            for i, (question, answers, place) in enumerate(rows):
                out.writerow([i, question, *answers, "ABCD"[place]] + ([f"答案是{answers[place]}。"] if split == "dev" else []))


def last_words(dice):
    """A text whose last word the text before it tells, or that everybody knows."""
    rows = []
    for (land, city, _, _), (thing, colour, _, _) in zip(dice.sample([row for row in CAPITALS if " " not in row[1]], 25),
                                                         dice.choices(COLOURS, k=25)):
        rows.append({"text": f"{thing[0].upper() + thing[1:]} is {colour}. The capital of {land} is {city}"})
    rows += [{"text": f"The day after {DAYS[i]} is {DAYS[(i + 1) % 7]}"} for i in dice.sample(range(7), 6)]
    rows += [{"text": f"The month after {MONTHS[i]} is {MONTHS[(i + 1) % 12]}"} for i in dice.sample(range(12), 9)]
    return rows


def endings(dice):
    """A sentence with four ends."""
    short = [(names.split("|")[0], text) for names, text, _, _ in DEFINITIONS]
    parts = [(name, *text.split(" is ", 1)) for name, text in short if " is " in text]
    rows = []
    for i, (name, begin, end) in enumerate(dice.sample(parts, 40)):
        answers, place = choose(end, [other[2] for other in parts], 3, dice)
        rows.append({"ind": i, "activity_label": "Dictionary", "ctx_a": f"Here is what I know about {name}.", "ctx_b": begin + " is",
                     "endings": answers, "label": place})
    return rows


def solutions(dice):
    """A question with two answers."""
    asked = [(f"What is the capital of {land}?", f"The capital of {land} is {city}.",
              f"The capital of {land} is {dice.choice([row[1] for row in CAPITALS if row[1] != city])}.")
             for land, city, _, _ in dice.sample(CAPITALS, 15)]
    asked += [(f"What colour is {thing}?", f"{thing[0].upper() + thing[1:]} is {colour}.",
               f"{thing[0].upper() + thing[1:]} is {dice.choice([row[1] for row in COLOURS if row[1] != colour])}.")
              for thing, colour, _, _ in dice.sample(COLOURS, 15)]
    for _ in range(10):
        a, b = dice.randint(1, 25), dice.randint(1, 25)
        asked.append((f"What is {a} + {b}?", f"{a} + {b} = {a + b}.", f"{a} + {b} = {a + b + dice.choice([-2, -1, 1, 2])}."))
    rows = []
    for goal, right, wrong in asked:
        label = dice.randrange(2)
        rows.append({"goal": goal, "sol1": wrong if label else right, "sol2": right if label else wrong, "label": label})
    return rows


def blanks(dice):
    """A sentence with a blank and two words for it."""
    asked = [(f"The capital of _ is {city}.", land, dice.choice([row[0] for row in CAPITALS if row[1] != city]))
             for land, city, _, _ in dice.sample(CAPITALS, 27)]
    asked += [(f"The day after _ is {DAYS[(i + 1) % 7]}.", DAYS[i], DAYS[(i + dice.randint(1, 6)) % 7]) for i in dice.sample(range(7), 5)]
    asked += [(f"The month after _ is {MONTHS[(i + 1) % 12]}.", MONTHS[i], MONTHS[(i + dice.randint(1, 11)) % 12])
              for i in dice.sample(range(12), 8)]
    rows = []
    for sentence, right, wrong in asked:
        answer = dice.randrange(2)
        rows.append({"sentence": sentence, "option1": wrong if answer else right, "option2": right if answer else wrong,
                     "answer": str(answer + 1)})
    return rows


def main():
    dice = random.Random(SEED)
    for name, questions in subjects(dice).items():
        write_choices(name, questions)
    for name, rows in (("last_words", last_words(dice)), ("endings", endings(dice)), ("solutions", solutions(dice)),
                       ("blanks", blanks(dice))):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (HERE / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
