# SPDX-License-Identifier: Apache-2.0
"""Texts to tokenize: a fixed list with one trap each, and endless random ones from a seed."""
import random

VARIED = [
    "I am studying tokenization", "", " ", "\n", "\t\t", "Hello, world!", "don't DON'T Don'T we'll WE'LL I'd", "   leading",
    "trailing   ", "two  spaces   three", "line\nbreaks\r\nand\rmore\n\n\n", "1234567890 12 123 1234", "3.14159e-10",
    "user@example.org https://huggingface.co/microsoft/phi-4?x=1&y=2", "def f(x):\n    return x**2  # comment\n",
    "{\"key\": [1, 2, {\"nested\": null}]}", "naïve café résumé", "nai\u0308ve cafe\u0301", "한국어 토크나이저를 공부합니다",
    "日本語のトークン化", "中文分词测试", "Привет, мир", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "ελληνικά",
    "🙂🙃 👩‍👩‍👧‍👦 🇰🇷 👍🏽", "\u00a0no-break\u00a0space", "zero\u200bwidth\u200djoin", "\ufeffwith a mark", "İstanbul ǅ ß ſ K", "tab\tand\u3000ideographic",
    "<|im_start|>user<|im_sep|>Hi<|im_end|>", "text <|endoftext|> more", "  <|im_end|>  \n x", "<|im_start|><|im_start|>", "<|im_star|> almost",
    "a" * 300, "ab " * 200, "!?!?...---___***", "'s't're've'm'll'd", "𝕳𝖊𝖑𝖑𝖔 𐍈 𒀀", "\x00\x01\x7f control", "²³¹¼ ⅷ ٣٤٥ ६७", "CamelCaseAndsnake_case",
]

ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", " ", " \t\n\r", "'sStTrReEvVmMlLdD", ".,;:!?-_/\\|@#$%^&*()[]{}<>\"`~+=",
    "éàüßñçøåœ", "\u0301\u0308\u0327", "가나다라마바사한국어", "日本語中文漢字", "あいうえおカキク", "абвгдежз", "אבגד", "ابتث", "नमस्ते", "🙂👍🏽👩‍👧🇰🇷", "\u00a0\u2003\u200b\u3000\u2028",
    "²³½ⅷ٣६", "ſKİıǅ", "\x00\x1c\x85\xad", "𝕳𐍈𒀀",
]
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|endoftext|>", "<|dummy_7|>", "<|im_", "|>"]


def random_text(source, special=SPECIAL):
    """One text of up to about 120 characters, sometimes with one of `special` in it; `source` is a random.Random."""
    parts = []
    for _ in range(source.randint(0, 12)):
        if source.random() < 0.06:
            parts.append(source.choice(special))
        elif source.random() < 0.05:
            parts.append("".join(chr(any_scalar(source)) for _ in range(source.randint(1, 4))))
        else:
            alphabet = source.choice(ALPHABETS)
            parts.append("".join(source.choice(alphabet) for _ in range(source.randint(1, 10))))
        if source.random() < 0.4:
            parts.append(" ")
    return "".join(parts)


def any_scalar(source):
    """Any Unicode scalar value below the planes that hold nothing but private use."""
    while True:
        point = source.randint(0, 0x323AF)
        if not 0xD800 <= point <= 0xDFFF:
            return point


def random_texts(seed, count, special=SPECIAL):
    source = random.Random(seed)
    return [random_text(source, special) for _ in range(count)]
