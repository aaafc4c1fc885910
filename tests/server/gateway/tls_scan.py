#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""testssl.sh (Debian) looks at kithd's port: protocols, ciphers, forward secrecy, known weaknesses. usage: tls_scan.py KITHD"""
import json
import os
import subprocess
import sys
import tempfile

WANTED = {"SSLv2": "OK", "SSLv3": "OK", "TLS1_2": "OK", "TLS1_3": "OK", "heartbleed": "OK", "ROBOT": "OK", "secure_renego": "OK"}
NOT_OFFERED = ("TLS1", "TLS1_1", "cipherlist_NULL", "cipherlist_aNULL", "cipherlist_EXPORT", "cipherlist_LOW", "cipherlist_3DES_IDEA")
CBC = ("cipherlist_AVERAGE", "cipherlist_OBSOLETED")  # of testssl.sh 3.0 and 3.2


def main(kithd):
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: os.path.join(folder, name)  # noqa: E731
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("key.pem"), "-out", at("cert.pem"),
                        "-days", "30", "-subj", "/CN=localhost"], check=True, capture_output=True)
        os.chmod(at("key.pem"), 0o600)
        with open(at("log"), "wb") as log:
            server = subprocess.Popen([kithd, "serve", "--data", at("data"), "--listen", "127.0.0.1:0", "--tls-cert", at("cert.pem"),
                                       "--tls-key", at("key.pem"), "--ready-file", at("ready.json")], stderr=log)
        try:
            while not os.path.exists(at("ready.json")):
                if server.poll() is not None:
                    print(open(at("log"), encoding="utf-8").read())
                    return 1
            with open(at("ready.json"), encoding="utf-8") as file:
                listen = json.load(file)["listen"]
            done = subprocess.run(["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--openssl", "/usr/bin/openssl", "-p", "-s",
                                   "-f", "-U", "--jsonfile", at("found.json"), listen], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=600, check=False)
            with open(at("found.json"), encoding="utf-8") as file:
                found = {one["id"]: one for one in json.load(file)}
            return judge(found, done.stdout.decode(errors="replace"))
        finally:
            server.terminate()
            server.wait(30)


def judge(found, output):
    wrong = [f"{name} is missing" for name in (*WANTED, *NOT_OFFERED) if name not in found]
    if not any(name in found for name in CBC):
        wrong.append("CBC ciphers were not looked for")
    for name, one in found.items():
        severity, finding = one["severity"], one["finding"]
        if severity in ("LOW", "MEDIUM", "HIGH", "CRITICAL"):
            wrong.append(f"{name} {severity}: {finding}")
        if name in WANTED and severity != WANTED[name] and "not vulnerable" not in finding:
            wrong.append(f"{name} is {severity}: {finding}")
        if name in (*NOT_OFFERED, *CBC) and "not offered" not in finding:
            wrong.append(f"{name}: {finding}")
    print("\n".join(wrong) if wrong else f"{len(found)} findings, nothing weak")
    if wrong:
        print(output)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
