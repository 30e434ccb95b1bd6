# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of its own for the HTTPS stand-in, made by the `openssl` command (EC P-256).

Certificates: "good" names localhost, huggingface.co, 127.0.0.1 and ::1; "expired" ended yesterday; "wrong-name" is for
another host, "unknown-ca" is signed by a second authority that nobody is told of. The authorities are kept in the state
folder and reused.
"""
import ssl
import subprocess
from pathlib import Path

NAMES = {"good": "DNS:localhost,DNS:huggingface.co,IP:127.0.0.1,IP:::1", "wrong-name": "DNS:elsewhere.invalid"}
KINDS = ("good", "expired", "wrong-name", "unknown-ca")


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit(f"openssl {arguments[0]} failed:\n{done.stdout}")


def _key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(path))
    path.chmod(0o600)


def _authority(folder, name, title):
    """(certificate, key) of an authority, made if it is not there."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    if not certificate.exists():
        _key(key)
        _openssl("req", "-x509", "-new", "-key", str(key), "-days", "30", "-subj", f"/CN={title}",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", str(certificate))
    return certificate, key


def server_context(state, kind="good"):
    """(ssl.SSLContext for a server, path of the certificate of the authority that clients are to trust)."""
    folder = Path(state)
    told, told_key = _authority(folder, "ca", "Hub stand-in CA")
    authority, authority_key = (told, told_key) if kind != "unknown-ca" else _authority(folder, "other-ca", "Unknown CA")
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
    return context, told
