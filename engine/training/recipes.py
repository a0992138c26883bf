"""The recipes: one row of hyperparameters per model, with what its card says of its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """Everything that, with the data and torch's version, decides the weights that come out."""

    data: str  # a key of data.DATA
    augment: str  # a key of augment.AUGMENT; "none" for sequences
    epochs: int
    seed: int
    batch_size: int
    learning_rate: float  # the peak of the one-cycle schedule
    weight_decay: float
    limits: dict[str, str]  # for the card: {"zh", "en"}
    label_smoothing: float = 0.0
    ema: float = 0.998  # decay per step of the averaged weights, which are the ones that are kept
    mean: float = 0.0  # the network trains on (pixel - mean) / std,
    std: float = 1.0  # which is folded into its first convolution afterwards
    sizes: tuple[tuple[float, int], ...] = ()  # (from this share of the epochs, side of the crop); (): the input's
    mix: float = 0.0  # share of the batches that are mixed (mixup or cutmix), until 85 % of the epochs
    mix_alpha: float = 0.8
    patience: int | None = None  # epochs without a better validation loss after which training stops
    teacher: str | None = None  # the model whose softened answers are learnt beside the labels
    temperature: float = 3.0
    teacher_share: float = 0.8  # of the loss; the labels have the rest
    rounds: int | None = None  # the augmented views repeat after so many epochs, so a teacher answers each once
    word_dropout: float = 0.0  # share of the tokens that are hidden, as unknown ones, while learning
    clip: float | None = None  # largest norm of a step's gradients, which recurrent networks need
    threads: int | None = None  # None: the training's default; small recurrent layers are quickest on one
    then: Recipe | None = None  # the next stage, which starts from the weights kept of this one

    def stages(self) -> list[Recipe]:
        """This recipe and those that follow it, in order."""
        return [self, *(self.then.stages() if self.then else [])]


# Small, scaled crops first, which is quick; RECIPES adds a stage on sharp pixels.
_WIDE_ON_CROPS = Recipe(
    data="tiny_imagenet10",
    augment="photo",
    epochs=76,
    seed=1,
    batch_size=64,
    learning_rate=4e-3,
    weight_decay=0.05,
    label_smoothing=0.1,
    sizes=((0.0, 40), (0.35, 48), (0.8, 56)),
    mix=0.5,
    limits={
        "zh": "只认识十类 64×64 的小照片；给它别的东西，它仍会从这十类里选一个，而且可能很有把握。"
        "训练照片来自网络，多为主体居中的英文网站图片，对其他拍法和地区的照片准确率会更低。",
        "en": "It knows ten classes of small photographs of 64 x 64 only; shown anything else it still picks one "
        "of the ten, perhaps with confidence. The training photographs come from the web, mostly with the "
        "subject in the middle; other kinds of photographs will be recognised less often.",
    },
)


def _three(name: str, recipe: Recipe, cells: tuple[str, ...] = ("rnn", "lstm", "gru")) -> dict[str, Recipe]:
    """The same recipe for each cell, so that only the cell differs."""
    return {f"{name}-{cell}": recipe for cell in cells}


_READS = Recipe(
    data="",
    augment="none",
    epochs=12,
    seed=1,
    batch_size=64,
    learning_rate=4e-3,
    weight_decay=0.02,
    ema=0.99,
    clip=1.0,
    threads=1,
    limits={},
)

_SEQUENCES: dict[str, Recipe] = {
    **_three(
        "sentiment-en",
        replace(
            _READS,
            data="sentiment-en",
            epochs=14,
            batch_size=32,
            learning_rate=3e-3,
            weight_decay=0.05,
            label_smoothing=0.05,
            word_dropout=0.3,
            limits={
                "zh": "从零开始只学了五千多句英文影评：别的题材、反讽和长句容易判错。它只会答“褒”或“贬”，没有“中性”。",
                "en": "Learnt from some five thousand sentences of film reviews and nothing else: other "
                "subjects, irony and long sentences mislead it. It answers good or bad and knows no "
                "third.",
            },
        ),
    ),
    **_three(
        "sentiment-zh",
        replace(
            _READS,
            data="sentiment-zh",
            batch_size=32,
            word_dropout=0.1,
            weight_decay=0.05,
            limits={
                "zh": "只学过约一万条外卖评价（简体）：别的题材、反讽、繁体字容易判错；差评比好评多一倍，所以卡片给"
                "出两类的平均准确率。",
                "en": "Learnt from some ten thousand reviews of delivered meals in simplified characters: "
                "other subjects, irony and traditional characters mislead it. Bad reviews were twice as "
                "many, so the card gives the mean of both classes.",
            },
        ),
    ),
    **_three(
        "shakespeare",
        replace(
            _READS,
            data="shakespeare",
            epochs=16,
            learning_rate=6e-3,
            weight_decay=0.01,
            limits={
                "zh": "只读过一百万字符的莎士比亚：它写得像剧本，却没有意思；没见过的字符会变成未知符号。",
                "en": "It has read a million characters of Shakespeare and nothing else: what it writes looks "
                "like a play and means nothing. Characters that are not in the plays are unknown to it.",
            },
        ),
    ),
    **_three(
        "tang",
        replace(
            _READS,
            data="tang",
            epochs=14,
            learning_rate=5e-3,
            limits={
                "zh": "只读过一万多首唐人四句诗（简体，常用三千字）：大体记住了句式与用词，平仄、押韵和诗意常常不对。",
                "en": "It has read some thirteen thousand Tang quatrains in simplified characters, the "
                "commonest three thousand of them: it knows the form and the words; tones, rhymes and "
                "sense are often wrong.",
            },
        ),
    ),
    **_three(
        "tagger-en",
        replace(
            _READS,
            data="tagger-en",
            epochs=14,
            batch_size=32,
            limits={
                "zh": "学自英文网络文本；训练中没出现两次的词一律当作未知词，只能靠上下文猜。",
                "en": "Learnt from English web texts; words that were not met twice are unknown to it, and "
                "guessed from their neighbours alone.",
            },
        ),
    ),
    **_three(
        "dates",
        replace(
            _READS,
            data="dates",
            epochs=14,
            learning_rate=6e-3,
            limits={
                "zh": "只认识 1900 至 2099 年的日期和训练过的十六种写法；“明天”“下周三”或别的文字，它也会写成一个日期。",
                "en": 'It knows dates from 1900 to 2099 in the sixteen spellings that it was trained on; of "tomorrow" or any '
                "other text it makes some date as well.",
            },
        ),
        ("lstm", "attention"),
    ),
    "caption-lstm": replace(
        _READS,
        data="captions",
        epochs=4,
        batch_size=128,
        limits={
            "zh": "只会写十个数字的名字；看错了数字，就会写错名字；画的不是数字，也会写成某个数字。",
            "en": "It writes the names of the ten digits only; if the eye takes a digit for another, the "
            "name is that one's, and a drawing of anything else is called by some digit's name.",
        },
    ),
    **_three(
        "sunspots",
        replace(
            _READS,
            data="sunspots",
            epochs=30,
            batch_size=16,
            learning_rate=6e-3,
            weight_decay=0.001,
            limits={
                "zh": "只学过 1749 至 1936 年的每月太阳黑子数：换一种数列，单位和起伏都不同，预测没有意义。",
                "en": "It has learnt the monthly sunspots of 1749 to 1936 and nothing else: of another series, "
                "with other units and another rhythm, its forecasts mean little.",
            },
        ),
    ),
}

RECIPES: dict[str, Recipe] = {
    "tinyvgg-wide": replace(
        _WIDE_ON_CROPS,
        then=replace(
            _WIDE_ON_CROPS,
            augment="photo_sharp",
            epochs=14,
            seed=2,
            learning_rate=1.5e-3,
            ema=0.99,
            sizes=((0.0, 56),),
            mix=0.3,
        ),
    ),
    "tinyvgg": Recipe(
        data="tiny_imagenet10",
        augment="photo_gently",
        epochs=120,
        seed=1,
        batch_size=64,
        learning_rate=4e-3,
        weight_decay=0.01,
        mean=0.45,
        std=0.27,
        label_smoothing=0.05,
        teacher="tinyvgg-wide",
        rounds=15,
        limits={
            "zh": "这是为教学而做的极小网络（约两万个参数）：只认识十类 64×64 的小照片，大约每五张就会认错一张；"
            "给它别的东西，它仍会从这十类里选一个。想要更准，请用 tinyvgg-wide。",
            "en": "A very small network made for teaching (about 20,000 parameters): it knows ten classes of small "
            "photographs of 64 x 64 and is wrong about once in five; shown anything else it still picks one of "
            "the ten. tinyvgg-wide is more accurate.",
        },
    ),
    "lenet5": Recipe(
        data="mnist",
        augment="digit",
        epochs=8,
        seed=1,
        batch_size=128,
        learning_rate=3e-3,
        weight_decay=0.02,
        label_smoothing=0.02,
        limits={
            "zh": "只认识单个、居中、黑底白字的手写阿拉伯数字；字母、多个数字或涂鸦也会被当成某个数字。"
            "训练字迹来自美国的普查员和学生，欧洲式的 1 和 7 等写法更容易认错。",
            "en": "It knows single handwritten digits, centred, white on black; a letter, several digits or a doodle "
            "is still taken for some digit. The writers were American census workers and students, so other "
            "habits, such as the European 1 and 7, are mistaken more often.",
        },
    ),
    **_SEQUENCES,
}
