# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of its own for the HTTPS stand-in, made by the `openssl` command (EC P-256).

Certificates: "good" names localhost, huggingface.co and 127.0.0.1; "expired" ended yesterday; "wrong-name" is for
another host. The authority is kept in the state folder and reused.
"""
import ssl
import subprocess
from pathlib import Path

NAMES = {"good": "DNS:localhost,DNS:huggingface.co,IP:127.0.0.1", "wrong-name": "DNS:elsewhere.invalid"}
KINDS = ("good", "expired", "wrong-name")


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit(f"openssl {arguments[0]} failed:\n{done.stdout}")


def _key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(path))
    path.chmod(0o600)


def server_context(state, kind="good"):
    """(ssl.SSLContext for a server, path of the authority's certificate)."""
    folder = Path(state)
    authority, authority_key = folder / "ca.pem", folder / "ca.key"
    if not authority.exists():
        _key(authority_key)
        _openssl("req", "-x509", "-new", "-key", str(authority_key), "-days", "30", "-subj", "/CN=Hub stand-in CA",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", str(authority))
    key, request, certificate = (folder / f"{kind}.{suffix}" for suffix in ("key", "csr", "pem"))
    _key(key)
    _openssl("req", "-new", "-key", str(key), "-subj", "/CN=localhost", "-out", str(request))
    extensions = folder / f"{kind}.ext"
    extensions.write_text(f"subjectAltName={NAMES.get(kind, NAMES['good'])}\nextendedKeyUsage=serverAuth\n"
                          "authorityKeyIdentifier=keyid\n")
    _openssl("x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", str(authority_key), "-CAcreateserial",
             "-days", "-1" if kind == "expired" else "30", "-extfile", str(extensions), "-out", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context, authority
