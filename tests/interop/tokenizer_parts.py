# SPDX-License-Identifier: Apache-2.0
"""Random tokenizer.json files of small vocabularies: any normalizers, pre-tokenizers, model, post-processor and decoder."""
import json

NORMALIZERS = [
    {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Nmt"},
    {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
    {"type": "Replace", "pattern": {"Regex": "[0-9]"}, "content": ""}, {"type": "Prepend", "prepend": "▁"},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": True, "strip_accents": True, "lowercase": False},
]
PRE_TOKENIZERS = [
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
    {"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "BertPreTokenizer"}, {"type": "UnicodeScripts"},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": False},
    {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Punctuation", "behavior": "MergedWithPrevious"},
    {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False},
    {"type": "CharDelimiterSplit", "delimiter": "e"}, {"type": "FixedLength", "length": 3},
    {"type": "Split", "pattern": {"Regex": "\\w+|[^\\w\\s]+"}, "behavior": "Isolated", "invert": False},
    {"type": "Split", "pattern": {"Regex": "\\p{L}+|\\p{N}"}, "behavior": "MergedWithNext", "invert": True},
    {"type": "Split", "pattern": {"String": " "}, "behavior": "Removed", "invert": False},
]
CHARACTERS = [chr(c) for c in range(33, 127)] + list("éàüßñ가나한국어日本語あいうабв🙂▁ \u0301") + [chr(c) for c in range(0xA1, 0x144)]
POST_PROCESSORS = [
    None, {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]},
    {"type": "RobertaProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0], "trim_offsets": True, "add_prefix_space": True},
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
]
DECODERS = [
    None, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, {"type": "WordPiece", "prefix": "##", "cleanup": True},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}, {"type": "BPEDecoder", "suffix": "</w>"},
    {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def pieces(source, count):
    """Distinct strings of two to five of the characters, mostly ASCII letters."""
    letters = "etaoinshr▁"
    found = set()
    while len(found) < count:
        found.add("".join(source.choice(letters if source.random() < 0.8 else CHARACTERS) for _ in range(source.randint(2, 5))))
    return sorted(found)


def bpe(source):
    vocabulary = ["[CLS]", "[SEP]", "[UNK]"] + CHARACTERS
    merges = []
    for _ in range(120):
        left, right = source.choice(vocabulary[3:]), source.choice(vocabulary[3:])
        if left + right not in vocabulary:
            vocabulary.append(left + right)
        merges.append([left, right])
    byte_fallback = source.random() < 0.4
    if byte_fallback:
        vocabulary += BYTES
    return {"type": "BPE", "dropout": None, "unk_token": source.choice([None, "[UNK]"]), "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": source.random() < 0.5, "byte_fallback": byte_fallback, "ignore_merges": source.random() < 0.3,
            "vocab": {token: i for i, token in enumerate(vocabulary)}, "merges": merges}


def word_piece(source):
    words = pieces(source, 150)
    vocabulary = ["[CLS]", "[SEP]", "[UNK]"] + CHARACTERS + ["##" + c for c in CHARACTERS] + words + ["##" + word for word in words]
    return {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": source.choice([5, 100]),
            "vocab": {token: i for i, token in enumerate(dict.fromkeys(vocabulary))}}


def word_level(source):
    return {"type": "WordLevel", "unk_token": "[UNK]",
            "vocab": {token: i for i, token in enumerate(["[CLS]", "[SEP]", "[UNK]"] + CHARACTERS + pieces(source, 50))}}


def unigram(source):
    vocabulary = ["[CLS]", "[SEP]", "[UNK]"] + source.sample(CHARACTERS, 120) + pieces(source, 150)
    byte_fallback = source.random() < 0.4
    if byte_fallback:
        vocabulary += BYTES
    return {"type": "Unigram", "unk_id": 2, "byte_fallback": byte_fallback,
            "vocab": [[token, -source.choice([1.0, 2.5, source.uniform(1, 12)])] for token in vocabulary]}


def sequence(source, kind, key, most):
    chosen = source.sample(kind, source.randint(0, most))
    if len(chosen) > 1:
        return {"type": "Sequence", key: chosen}
    return chosen[0] if chosen else None


def added_tokens(source):
    return [{"id": 0, "content": content, "single_word": source.random() < 0.3, "lstrip": source.random() < 0.3, "rstrip": source.random() < 0.3,
             "normalized": source.random() < 0.5, "special": source.random() < 0.5}
            for content in source.sample(["<a>", "<B>", "the", " <q>", "é!", "<a><B>"], source.randint(0, 4))]


def random_tokenizer(source):
    """The text of a tokenizer.json; `source` is a random.Random."""
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added_tokens(source),
        "normalizer": sequence(source, NORMALIZERS, "normalizers", 3), "pre_tokenizer": sequence(source, PRE_TOKENIZERS, "pretokenizers", 2),
        "post_processor": source.choice(POST_PROCESSORS), "decoder": source.choice(DECODERS),
        "model": source.choice([bpe, word_piece, word_level, unigram])(source)}, ensure_ascii=False)
