// SPDX-License-Identifier: Apache-2.0
//
// client_calls.py for npm's @huggingface/hub, which stands in the folder of argument 1: orders in, answers out. This client
// has no offline mode; with HF_HUB_OFFLINE=1 it is asked for each file of the cached commit with a `fetch` that fails.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

const require = createRequire(join(process.argv[2], "node_modules", "client.js"));
const { downloadFileToCacheDir, getHFHubCachePath, getRepoFolderName, snapshotDownload } = require("@huggingface/hub");

const hash = (name, ...parts) => parts.reduce((digest, part) => digest.update(part), createHash(name)).digest("hex");

async function idsOf(path) {
  const content = await readFile(path);
  return [hash("sha1", `blob ${content.length}\0`, content), hash("sha256", content)];
}

async function filesBelow(folder) {
  const found = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    found.push(...((await stat(path)).isDirectory() ? await filesBelow(path) : [path]));
  }
  return found;
}

async function downloaded(order, offline) {
  const repo = { type: order.kind, name: order.repo };
  const options = { repo, hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN };
  let folder;
  if (offline) {
    const cached = join(getHFHubCachePath(), getRepoFolderName(repo));
    folder = join(cached, "snapshots", await readFile(join(cached, "refs", "main"), "utf8"));
  } else {
    folder = await snapshotDownload(options);
  }
  const commit = relative(dirname(folder), folder);
  const fetch = () => Promise.reject(new Error("asked the network for a file that is cached"));
  const files = {};
  for (const path of await filesBelow(folder)) {
    const name = relative(folder, path);
    const found = await downloadFileToCacheDir({ ...options, path: name, revision: commit, fetch });
    if (found !== path) throw new Error(`${found} instead of ${path}`);
    files[name] = await idsOf(path);
  }
  return { folder, files };
}

let typed = "";
for await (const piece of process.stdin) typed += piece;
const answers = [];
for (const order of JSON.parse(typed)) answers.push(await downloaded(order, process.env.HF_HUB_OFFLINE === "1"));
console.log(JSON.stringify(answers));
