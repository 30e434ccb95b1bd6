# SPDX-License-Identifier: Apache-2.0
"""The C ABI from another language: c_abi_test.py LIBRARY TOKENIZER, by ctypes alone. Called by package_test.sh."""
import ctypes
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])
size_t, pointer = ctypes.c_size_t, ctypes.c_void_p


class Range(ctypes.Structure):
    _fields_ = [("begin", ctypes.c_uint32), ("end", ctypes.c_uint32)]


lib.hfauth_tokenizer_open.argtypes = [ctypes.c_char_p, ctypes.POINTER(pointer), ctypes.POINTER(pointer)]
lib.hfauth_tokenizer_open_json.argtypes = [ctypes.c_char_p, size_t, ctypes.POINTER(pointer), ctypes.POINTER(pointer)]
lib.hfauth_tokenizer_close.argtypes = [pointer]
lib.hfauth_tokenizer_vocab_size.argtypes, lib.hfauth_tokenizer_vocab_size.restype = [pointer], size_t
lib.hfauth_tokenizer_encode.argtypes = [pointer, ctypes.c_char_p, size_t, ctypes.c_char_p, size_t, ctypes.c_uint,
                                        ctypes.POINTER(pointer), ctypes.POINTER(pointer)]
lib.hfauth_encoding_free.argtypes = [pointer]
lib.hfauth_encoding_size.argtypes, lib.hfauth_encoding_size.restype = [pointer], size_t
for name in ("offsets", "byte_offsets"):
    getter = getattr(lib, f"hfauth_encoding_{name}")
    getter.argtypes, getter.restype = [pointer], ctypes.POINTER(Range)
lib.hfauth_encoding_token.argtypes, lib.hfauth_encoding_token.restype = [pointer, size_t, pointer], ctypes.c_char_p
lib.hfauth_tokenizer_encode_ids.argtypes = [pointer, ctypes.c_char_p, size_t, ctypes.c_uint, ctypes.POINTER(ctypes.c_uint32), size_t,
                                            ctypes.POINTER(size_t), ctypes.POINTER(pointer)]
lib.hfauth_tokenizer_decode.argtypes = [pointer, ctypes.POINTER(ctypes.c_uint32), size_t, ctypes.c_uint, ctypes.POINTER(pointer),
                                        ctypes.POINTER(size_t), ctypes.POINTER(pointer)]
lib.hfauth_tokenizer_free_text.argtypes = [pointer]


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("n_bytes", size_t)]


lib.hfauth_tokenizer_encode_ids_batch.argtypes = [pointer, ctypes.POINTER(Text), size_t, ctypes.c_uint, ctypes.c_uint,
                                                  ctypes.POINTER(ctypes.c_uint32), size_t, ctypes.POINTER(size_t), ctypes.POINTER(size_t),
                                                  ctypes.POINTER(pointer)]
lib.hfauth_tokenizer_encode_batch.argtypes = [pointer, ctypes.POINTER(Text), size_t, ctypes.c_uint, ctypes.c_uint, ctypes.POINTER(pointer),
                                              ctypes.POINTER(pointer)]


def taken(text):
    value = ctypes.string_at(text).decode()
    lib.hfauth_tokenizer_free_text(text)
    return value


def ids_of(tokenizer, text, room):
    ids, count = (ctypes.c_uint32 * room)(), size_t()
    data = text.encode()
    assert lib.hfauth_tokenizer_encode_ids(tokenizer, data, len(data), 0, ids, room, count, None) == 0
    return list(ids)[:min(room, count.value)], count.value


def check_batch(tokenizer):
    data = [text.encode() for text in ("hé you", "", "you hé hé")]
    texts = (Text * 3)(*[Text(text, len(text)) for text in data])
    ids, count, ends, error = (ctypes.c_uint32 * 8)(), size_t(), (size_t * 3)(), pointer()
    assert lib.hfauth_tokenizer_encode_ids_batch(tokenizer, texts, 3, 0, 0, ids, 8, count, ends, error) == 0
    assert (list(ids)[:count.value], list(ends)) == ([1, 2, 2, 1, 1], [2, 2, 5])
    assert lib.hfauth_tokenizer_encode_ids_batch(tokenizer, texts, 3, 0, 1, ids, 2, count, ends, error) == 0
    assert (list(ids)[:2], count.value) == ([1, 2], 5)
    encodings = (pointer * 3)()
    assert lib.hfauth_tokenizer_encode_batch(tokenizer, texts, 3, 0, 2, encodings, error) == 0
    assert [lib.hfauth_encoding_size(encoding) for encoding in encodings] == [2, 0, 3]
    for encoding in encodings:
        lib.hfauth_encoding_free(encoding)
    texts[1] = Text(b"\xff", 1)
    assert lib.hfauth_tokenizer_encode_batch(tokenizer, texts, 3, 0, 2, encodings, error) == 5
    assert "0xff" in taken(error)


def main():
    tokenizer, error = pointer(), pointer()
    assert lib.hfauth_tokenizer_open(b"/nonexistent", tokenizer, error) == 1
    assert "/nonexistent" in taken(error)
    assert lib.hfauth_tokenizer_open(b"/nonexistent", tokenizer, None) == 1  # who wants no message gets none
    assert lib.hfauth_tokenizer_open_json(b"{", 1, tokenizer, error) == 3
    assert "JSON" in taken(error)
    strange = b'{"model": {"type": "New"}}'
    assert lib.hfauth_tokenizer_open_json(strange, len(strange), tokenizer, error) == 4
    assert "model New" in taken(error)

    assert lib.hfauth_tokenizer_open(sys.argv[2].encode(), tokenizer, error) == 0
    assert lib.hfauth_tokenizer_vocab_size(tokenizer) == 3
    check_batch(tokenizer)
    text, encoding = "hé you".encode(), pointer()
    assert lib.hfauth_tokenizer_encode(tokenizer, text, len(text), b"you", 3, 0, encoding, error) == 0
    assert lib.hfauth_encoding_size(encoding) == 3
    assert [(r.begin, r.end) for r in lib.hfauth_encoding_offsets(encoding)[:3]] == [(0, 2), (3, 6), (0, 3)]
    assert [(r.begin, r.end) for r in lib.hfauth_encoding_byte_offsets(encoding)[:3]] == [(0, 3), (4, 7), (0, 3)]
    assert lib.hfauth_encoding_token(encoding, 0, None).decode() == "hé"
    assert lib.hfauth_encoding_token(encoding, 3, None) is None
    lib.hfauth_encoding_free(encoding)
    lib.hfauth_encoding_free(None)
    assert lib.hfauth_tokenizer_encode(tokenizer, b"a\xffb", 3, None, 0, 0, encoding, error) == 5
    assert "offset 1" in taken(error)

    assert ids_of(tokenizer, "hé you you", 8) == ([1, 2, 2], 3)
    assert ids_of(tokenizer, "hé you you", 2) == ([1, 2], 3)  # too little room: how much is needed
    assert ids_of(tokenizer, "", 0) == ([], 0)
    back, size = pointer(), size_t()
    assert lib.hfauth_tokenizer_decode(tokenizer, (ctypes.c_uint32 * 2)(1, 2), 2, 0, back, size, error) == 0
    assert (size.value, taken(back)) == (7, "hé you")

    answers = []  # one tokenizer, many threads
    threads = [threading.Thread(target=lambda: answers.extend(ids_of(tokenizer, "you hé " * 50, 200)[1] for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [100] * 400
    lib.hfauth_tokenizer_close(tokenizer)
    lib.hfauth_tokenizer_close(None)
    print("ok: C ABI from Python")


if __name__ == "__main__":
    main()
