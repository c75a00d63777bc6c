"""What the demo model knows about the rest of the world."""

# (names in English, definition, names in Chinese, definition in Chinese)
DEFINITIONS = [
    ("artificial intelligence|AI", "AI, artificial intelligence, is the science of making machines do what needs thought when people do it.", "人工智能|AI", "人工智能是让机器做到人需要思考才能做到的事情的科学。"),
    ("machine learning", "Machine learning means that a program learns from examples instead of from written rules.", "机器学习", "机器学习是让程序从例子中学习,而不是靠人写规则。"),
    ("a language model|language models|an LLM", "A language model is a program that predicts the next piece of a text, and so can write and answer.", "语言模型|大语言模型", "语言模型是预测文本下一部分的程序,因此能够写作和回答。"),
    ("a neural network|neural networks", "A neural network is a computation in layers of simple units whose weights are learned from examples.", "神经网络", "神经网络是由许多简单单元一层层组成的计算,其权重从例子中学习。"),
    ("a token|tokens", "A token is a piece of text, such as a word or a part of a word, that a language model reads at once.", "词元|token", "词元是语言模型一次读入的一小段文本,例如一个词或词的一部分。"),
    ("a tokenizer", "A tokenizer is the part that cuts text into tokens and puts tokens together again.", "分词器", "分词器把文本切成词元,也能把词元拼回文本。"),
    ("a CPU|a processor|the CPU", "A CPU is the central processing unit of a computer: the chip that carries out the instructions of programs.", "CPU|处理器|中央处理器", "CPU 是计算机的中央处理器,负责执行程序的指令。"),
    ("a GPU|a graphics card", "A GPU is a graphics processing unit: a chip that does very many simple computations at the same time.", "GPU|显卡", "GPU 是图形处理器,能同时做很多简单的计算。"),
    ("RAM|memory|main memory", "Memory is the part of a computer that holds data and programs while they are in use.", "内存", "内存是计算机中存放正在使用的数据和程序的部件。"),
    ("a computer|computers", "A computer is a machine that follows the instructions of a program to work with data.", "计算机|电脑", "计算机是按照程序的指令处理数据的机器。"),
    ("a program|software|a computer program", "A program is a list of instructions that tells a computer what to do.", "程序|软件", "程序是告诉计算机该做什么的一系列指令。"),
    ("an algorithm|algorithms", "An algorithm is a clear list of steps that solves a problem.", "算法", "算法是解决问题的一系列明确步骤。"),
    ("a server|servers", "A server is a program or a computer that answers the requests of others.", "服务器", "服务器是回答其他程序请求的程序或计算机。"),
    ("a chatbot|a chat bot", "A chatbot is a program that talks with people in writing.", "聊天机器人", "聊天机器人是用文字和人对话的程序。"),
    ("an API|APIs", "An API is an application programming interface: the way in which programs talk to each other.", "应用程序接口", "应用程序接口是程序之间互相交流的方式。"),
    ("OSGi", "OSGi is a module system for Java: programs are made of bundles that come and go while they run.", "OSGi", "OSGi 是 Java 的模块系统:程序由可以在运行时加入和移除的组件包组成。"),
    ("a bundle|an OSGi bundle", "A bundle is a module of OSGi: a jar that says which packages it needs and which it offers.", "组件包|bundle", "组件包是 OSGi 的模块:一个说明自己需要和提供什么的 jar 文件。"),
    ("Java|the Java language", "Java is a programming language whose programs run on a virtual machine on any computer.", "Java", "Java 是一种编程语言,它的程序通过虚拟机在任何计算机上运行。"),
    ("Python|the Python language", "Python is a programming language that is easy to read and used by very many people.", "Python", "Python 是一种容易阅读、使用广泛的编程语言。"),
    ("a compiler", "A compiler is a program that translates source code into a form that a machine can run.", "编译器", "编译器把源代码翻译成机器能运行的形式。"),
    ("an operating system", "An operating system is the program that manages a computer and runs all other programs.", "操作系统", "操作系统是管理计算机并运行其他程序的程序。"),
    ("a database|databases", "A database is an ordered collection of data that programs can search quickly.", "数据库", "数据库是有序的数据集合,程序可以快速查找。"),
    ("the internet|the Internet", "The internet is a network that joins computers all over the world.", "互联网|因特网", "互联网是连接全世界计算机的网络。"),
    ("encryption", "Encryption turns data into a form that only the holder of a key can read.", "加密", "加密把数据变成只有持有密钥的人才能读懂的形式。"),
    ("a bit|bits", "A bit is the smallest unit of information: 0 or 1.", "比特|位", "比特是信息的最小单位:0 或 1。"),
    ("a byte|bytes", "A byte is a group of eight bits.", "字节", "字节是八个比特组成的一组。"),
    ("a bug|a software bug", "A bug is a mistake in a program that makes it do the wrong thing.", "程序错误|bug", "程序错误是让程序做错事的缺陷。"),
    ("a parameter of a model|model weights|a weight", "A weight is a number inside a model that was learned in training.", "权重|模型参数", "权重是模型内部在训练中学到的数字。"),
    ("training|model training", "Training means changing the weights of a model, step by step, until it predicts its examples well.", "训练|模型训练", "训练是一步一步地调整模型的权重,直到它能很好地预测例子。"),
    ("perplexity", "Perplexity says how surprised a model is by a text: the lower it is, the better the model predicts.", "困惑度", "困惑度表示模型对文本的意外程度:越低说明预测得越好。"),
    ("a matrix|matrices", "A matrix is a table of numbers in rows and columns.", "矩阵", "矩阵是由行和列组成的数字表。"),
    ("a prompt|prompts", "A prompt is the text that you give to a language model so that it goes on from there.", "提示词|提示", "提示词是你交给语言模型、让它继续写下去的文本。"),
    ("the context|a context window|the context length", "The context is the text that a model can look back at: the prompt and the answer so far.", "上下文|上下文窗口", "上下文是模型能够回看的文本,包括提示和已写出的回答。"),
    ("a cache|caches", "A cache keeps results close at hand so that they need not be computed again.", "缓存", "缓存保存结果,这样就不必重新计算。"),
    ("open source|open source software", "Open source software is software whose source code everybody may read, use and change.", "开源|开源软件", "开源软件是任何人都可以阅读、使用和修改源代码的软件。"),
    ("a robot|robots", "A robot is a machine that can move and act by itself, following a program.", "机器人", "机器人是按照程序自己行动的机器。"),
    ("a planet|planets", "A planet is a large round body that moves around a star.", "行星", "行星是围绕恒星运行的巨大球形天体。"),
    ("the sun|the Sun", "The sun is the star in the middle of our solar system; it gives us light and warmth.", "太阳", "太阳是太阳系中心的恒星,给我们光和热。"),
    ("the moon|the Moon", "The moon is the body that moves around the earth about once a month.", "月亮|月球", "月球是大约每月绕地球一圈的天体。"),
    ("gravity", "Gravity is the force that pulls things towards each other and keeps us on the ground.", "引力|重力", "引力是使物体互相吸引、让我们站在地面上的力。"),
    ("water", "Water is a clear liquid that all living things need; it is made of hydrogen and oxygen.", "水", "水是所有生物都需要的透明液体,由氢和氧组成。"),
    ("a dictionary", "A dictionary is a book that explains the meaning of words.", "词典|字典", "词典是解释词语意思的书。"),
    ("music", "Music is sound put in order so that it pleases or moves us.", "音乐", "音乐是有序的、打动人的声音。"),
    ("a friend|friendship", "A friend is a person whom you like, trust and help.", "朋友|友谊", "朋友是你喜欢、信任并愿意帮助的人。"),
]

# (kind, joke, kind in Chinese, joke in Chinese)
JOKES = [
    ("computer", "Why was the computer cold? Because it left its windows open!", "电脑", "电脑为什么感冒了?因为它忘了关窗口!"),
    ("computer", "Why did the server go to the doctor? Because it had a bad memory!", "程序员", "服务器为什么去看医生?因为它的内存不好!"),
    ("animal", "Why did the cat sit on the keyboard? Because it wanted to watch the mouse!", "动物", "猫为什么坐在键盘上?因为它想看住鼠标!"),
    ("animal", "What did the duck say when it bought a coat? Put it on my bill!", "小猫", "小猫问:我怎么才能出名?小狗说:你叫一声就有名了,喵!"),
    ("school", "Why was the maths book sad? Because it had too many problems!", "学校", "数学书为什么难过?因为它的问题太多了!"),
    ("food", "Why did the tomato turn red? Because it saw the salad dressing!", "食物", "西红柿为什么脸红了?因为它看见了沙拉在换衣服!"),
    ("robot", "Why did the robot go on holiday? Because it needed to charge its batteries!", "机器人", "机器人为什么去度假?因为它需要充电!"),
    ("number", "Why was six afraid of seven? Because seven ate nine!", "数字", "六为什么怕七?因为七把九吃了!"),
]
JOKE_SUBJECTS = {
    "computer": "computers|a computer|programmers|servers|software|programming|a server|laptops|coders|the internet|machines|technology",
    "animal": "animals|cats|a cat|an animal|ducks|a duck|pets|dogs|a dog|birds|kittens",
    "school": "school|maths|books|teachers|a book|lessons|pupils",
    "food": "food|vegetables|tomatoes|a tomato|cooking|salad|fruit|kitchens",
    "robot": "robots|a robot|holidays|batteries|androids",
    "number": "numbers|a number|counting|seven|digits",
}

# country, capital, country and capital in Chinese
CAPITALS = [tuple(line.split(",")) for line in """France,Paris,法国,巴黎
Germany,Berlin,德国,柏林
Italy,Rome,意大利,罗马
Spain,Madrid,西班牙,马德里
England,London,英国,伦敦
the United Kingdom,London,英国,伦敦
Ireland,Dublin,爱尔兰,都柏林
Austria,Vienna,奥地利,维也纳
Switzerland,Bern,瑞士,伯尔尼
the Netherlands,Amsterdam,荷兰,阿姆斯特丹
Belgium,Brussels,比利时,布鲁塞尔
Denmark,Copenhagen,丹麦,哥本哈根
Sweden,Stockholm,瑞典,斯德哥尔摩
Norway,Oslo,挪威,奥斯陆
Finland,Helsinki,芬兰,赫尔辛基
Poland,Warsaw,波兰,华沙
Hungary,Budapest,匈牙利,布达佩斯
Greece,Athens,希腊,雅典
Turkey,Ankara,土耳其,安卡拉
Russia,Moscow,俄罗斯,莫斯科
Ukraine,Kyiv,乌克兰,基辅
China,Beijing,中国,北京
Japan,Tokyo,日本,东京
South Korea,Seoul,韩国,首尔
India,New Delhi,印度,新德里
Thailand,Bangkok,泰国,曼谷
Vietnam,Hanoi,越南,河内
Indonesia,Jakarta,印度尼西亚,雅加达
Mongolia,Ulaanbaatar,蒙古,乌兰巴托
Iran,Tehran,伊朗,德黑兰
Iraq,Baghdad,伊拉克,巴格达
Egypt,Cairo,埃及,开罗
Kenya,Nairobi,肯尼亚,内罗毕
Nigeria,Abuja,尼日利亚,阿布贾
Morocco,Rabat,摩洛哥,拉巴特
Canada,Ottawa,加拿大,渥太华
the United States,Washington,美国,华盛顿
Mexico,Mexico City,墨西哥,墨西哥城
Cuba,Havana,古巴,哈瓦那
Brazil,Brasilia,巴西,巴西利亚
Argentina,Buenos Aires,阿根廷,布宜诺斯艾利斯
Chile,Santiago,智利,圣地亚哥
Peru,Lima,秘鲁,利马
Australia,Canberra,澳大利亚,堪培拉
New Zealand,Wellington,新西兰,惠灵顿""".splitlines()]

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DAYS_ZH = ["星期" + c for c in "一二三四五六日"]
MONTHS = "January February March April May June July August September October November December".split()
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

# thing, colour, thing and colour in Chinese
COLOURS = [tuple(line.split(",")) for line in """the sky,blue,天空,蓝色
the sea,blue,大海,蓝色
grass,green,草,绿色
a leaf,green,树叶,绿色
a banana,yellow,香蕉,黄色
a lemon,yellow,柠檬,黄色
the sun,yellow,太阳,黄色
a tomato,red,西红柿,红色
blood,red,血,红色
a strawberry,red,草莓,红色
a fire engine,red,消防车,红色
snow,white,雪,白色
milk,white,牛奶,白色
salt,white,盐,白色
coal,black,煤,黑色
the night,black,夜晚,黑色
a raven,black,乌鸦,黑色
an orange,orange,橙子,橙色
a carrot,orange,胡萝卜,橙色
an elephant,grey,大象,灰色
a mouse,grey,老鼠,灰色
chocolate,brown,巧克力,棕色
coffee,brown,咖啡,棕色
a plum,purple,李子,紫色
a flamingo,pink,火烈鸟,粉色
a frog,green,青蛙,绿色
gold,yellow,金子,黄色
a polar bear,white,北极熊,白色""".splitlines()]
MIXES = [("blue", "yellow", "green", "蓝色", "黄色", "绿色"), ("red", "yellow", "orange", "红色", "黄色", "橙色"),
         ("red", "blue", "purple", "红色", "蓝色", "紫色"), ("red", "white", "pink", "红色", "白色", "粉色"),
         ("black", "white", "grey", "黑色", "白色", "灰色")]
