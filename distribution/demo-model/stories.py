"""Short stories from a grammar of our own: a hero, a wish, a trouble, a helper and an end that fits them."""
import re

from grammar import expand

HEROES = ["little girl|she|her|her", "little boy|he|him|his", "young fox|he|him|his", "small rabbit|she|her|her", "brave mouse|he|him|his",
          "old bear|he|him|his", "little robot|it|it|its", "kind dragon|she|her|her", "tiny bird|she|her|her", "grey cat|he|him|his",
          "young girl|she|her|her", "little princess|she|her|her", "clever boy|he|him|his", "shy dog|he|him|his",
          "green frog|he|him|his", "little owl|she|her|her", "poor fisherman|he|him|his", "lonely giant|he|him|his", "small elephant|she|her|her"]
NAMES = {"she": "Lily Anna Mia Rosa Nora Ella Tilly Clara Bella Ivy".split(), "he": "Tom Ben Max Leo Finn Sam Oskar Hugo Theo Jack".split(),
         "it": "Bip Zap Dot Pixel Bolt Tik".split()}
WISHES = ["adventures", "to paint pictures", "to sing", "to climb trees", "to look at the stars", "to swim", "to read books", "to fly kites",
          "to collect stones", "to bake cakes", "to explore the woods", "to play in the snow", "to dance", "to help others", "to go on journeys"]
PLACES = ["forest", "garden", "valley", "village", "hills", "mountain", "meadow", "castle", "beach", "island"]
FINDS = ["golden key", "small blue egg", "silver bell", "old map", "red balloon", "shining stone", "little box", "strange flower", "wooden flute"]
HELPERS = ["wise owl", "friendly squirrel", "old turtle", "small hedgehog", "white horse", "funny goose", "quiet deer", "busy bee"]
FEELINGS = ["happy", "proud", "glad", "full of joy"]

PLOTS = [
    # something is found and given back
    "One [sunny|bright|warm] morning {n} walked into the {place}. There {s} found a {find} in the grass. \"Who may have lost it?\" {n} asked. "
    "A {helper} came by and said, \"It belongs to the king. He is very sad without it.\" So {n} carried the {find} to the king. "
    "The king [smiled|laughed] and thanked {o} with a [big cake|warm hug|party]. {n} went home and was {feel}.",
    # lost and found
    "One [day|afternoon] {n} went too far into the {place} and lost the way. It grew dark, and {n} was afraid. Then a {helper} came with a small light. "
    "\"Do not be afraid,\" said the {helper}. \"Follow me, I know the way.\" Together they walked past the river and over the hill. "
    "At last {n} saw the lights of home. {n} thanked the {helper}, and from that day on they were friends.",
    # a friend in need
    "One [cold|windy|rainy] day {n} heard a cry from the {place}. A {helper} was caught under a branch. {n} pulled with all {p} strength, and the branch moved. "
    "\"Thank you,\" said the {helper}. \"You saved me.\" The {helper} gave {n} a {find}. {n} kept it all {p} life, and it always brought good luck.",
    # the treasure
    "One night {n} found an old map under the bed. It showed the way to the {place}. {n} took some bread and a lamp and set out at once. "
    "On the way {s} met a {helper}, who was hungry. {n} shared the bread. \"You are kind,\" said the {helper}, \"so I will show you the treasure.\" "
    "The treasure was a chest full of books and songs. {n} took it home and shared it with everybody. All were {feel}.",
    # learning
    "Every day {n} went to the {place} to practise, but it never went well. \"I will never learn it,\" said {n} and sat down under a tree. "
    "A {helper} heard {o} and said, \"Try again, a little every day.\" So {n} tried again, day after day. "
    "When spring came, {n} could do it better than anyone. {n} was {feel} and thanked the {helper}.",
    # the storm
    "One evening a great storm came over the {place}. The wind blew the roof off the house of a {helper}. {n} saw it and ran to help. "
    "They worked all night with wood and rope. In the morning the sun came out, and the house was as good as new. "
    "The {helper} made tea, and they sat in the sun. {n} was tired but {feel}.",
]
OPENINGS = ["Once upon a time, there [was|lived] a {hero} who [loved|liked] {wish}.", "There [once was|was once] a {hero} who [loved|liked] {wish}.",
            "Long ago, in a [small|quiet] {place}, there lived a {hero} who [loved|liked] {wish}.", "A {hero} lived near the {place} and [loved|liked] {wish}.",
            "Once upon a time there was a {hero}. [Most of all {s} loved|{s} loved] {wish}.", "Once there [lived|was] a {hero} who always wanted {wish}.",
            "Once upon a time, a {hero} [lived|was living] who [dreamed of|loved|enjoyed] {wish}.",
            "In a far land there [existed|was|lived] a {hero} who [liked to have|loved|wished for|wanted] {wish}.",
            "Once upon a time, there [existed|was|lived] a {hero} [who enjoyed|who was fond of|with a love for] {wish}."]
NAMING = ["{Cap} name was {n}.", "Everybody called {o} {n}.", "{Cap} friends called {o} {n}."]

ZH_HEROES = "小女孩 小男孩 小狐狸 小兔子 小熊 小老鼠 小猫 小鸟 小机器人".split()
ZH_NAMES = "小美 小明 阿福 豆豆 圆圆 乐乐 点点 星星".split()
ZH_WISHES = "冒险 画画 唱歌 看星星 读书 游泳 爬树 跳舞".split()
ZH_PLACES = "森林 花园 山谷 村庄 海边 草地 高山".split()
ZH_FINDS = "金钥匙 蓝色的蛋 银铃铛 旧地图 发光的石头 小盒子".split()
ZH_HELPERS = "聪明的猫头鹰 友好的松鼠 老乌龟 小刺猬 白马 小鹿".split()
ZH_PLOTS = [
    "有一天,{n}走进{place},在草丛里发现了一个{find}。一只{helper}走过来说:“这是国王丢的。”于是{n}把它送还给国王。国王非常高兴,请{n}吃了一个大蛋糕。",
    "有一天,{n}在{place}里迷了路,天黑了,心里很害怕。这时一只{helper}提着灯来了,说:“别怕,跟我走。”他们走过小河,翻过小山,终于回到了家。从此他们成了好朋友。",
    "一个下雨天,{n}听见{place}里有人在哭。原来一只{helper}被树枝压住了。{n}用力搬开了树枝。{helper}送给{n}一个{find},它一直给{n}带来好运。",
    "{n}每天去{place}练习,可是总是做不好。一只{helper}说:“每天进步一点点就好。”于是{n}天天努力,到了春天,{n}做得比谁都好。",
]


def story(random, first=None, subject=None):
    """(first sentence, the rest). A first sentence may be asked for, or a subject such as "fox"."""
    kind, s, o, p = random.choice([h for h in HEROES if subject is None or h.split("|")[0].endswith(subject)]).split("|")
    place = random.choice(PLACES)
    names = dict(hero=kind, s=s, o=o, p=p, Cap=p.capitalize(), n=random.choice(NAMES[s]), place=place, find=random.choice(FINDS),
                 helper=random.choice(HELPERS), feel=random.choice(FEELINGS), wish=random.choice(WISHES))
    opening = first or expand(random.choice(OPENINGS), random)
    if names["wish"].startswith("to ") and any(word in opening for word in ("of {wish}", "liked to have", "enjoyed {wish}", "for {wish}", "enjoys")):
        opening = opening.replace("liked to have", "liked")
        verb = names["wish"][3:].split(" ", 1)
        doing = {"swim": "swimming", "bake": "baking", "dance": "dancing", "explore": "exploring"}.get(verb[0], verb[0] + "ing")
        for word in ("of", "enjoyed", "for", "wanted", "wished for"):
            opening = opening.replace(word + " {wish}", word + " " + " ".join([doing] + verb[1:]))
    opening = opening.format(**names)
    opening = opening.replace(". it ", ". It ").replace(". she ", ". She ").replace(". he ", ". He ")
    opening = opening.replace("wanted adventures", "wanted to have adventures").replace("wished for to ", "wished to ")
    rest = expand(random.choice(NAMING), random) + " " + expand(random.choice(PLOTS), random)
    return _articles(opening), _articles(rest.format(**names))


def _articles(text):
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


def story_zh(random):
    names = dict(hero=random.choice(ZH_HEROES), n=random.choice(ZH_NAMES), wish=random.choice(ZH_WISHES), place=random.choice(ZH_PLACES),
                 find=random.choice(ZH_FINDS), helper=random.choice(ZH_HELPERS))
    first = "从前,有一个喜欢{wish}的{hero},名叫{n}。".format(**names)
    return first, random.choice(ZH_PLOTS).format(**names)
