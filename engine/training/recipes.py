"""The recipes: one row of hyperparameters per model, with what its card says of its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """Everything that, with the data and torch's version, decides the weights that come out."""

    data: str  # a key of data.DATA
    augment: str  # a key of augment.AUGMENT
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
}
