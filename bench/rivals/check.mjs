/** Checks that each rival gets the Nest that it supports. Fails with the first that does not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Returns the folder of a package, as a module at `from` finds it. */
function folderOf(name, from) {
  const paths = createRequire(from).resolve.paths(name);
  for (const path of paths) {
    const file = join(path, name, 'package.json');
    try {
      readFileSync(file);
      return dirname(file);
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is not installed for ${from}. Run: npm --prefix bench/rivals ci`);
}

const versionIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

function check(workspace, name, peer, major) {
  const folder = folderOf(name, new URL(`./${workspace}/package.json`, import.meta.url));
  const version = versionIn(folderOf(peer, join(folder, 'package.json')));
  assert.equal(version.split('.')[0], major, `${name} finds ${peer} ${version}, not ${major}`);
  console.log(`${name} ${versionIn(folder)} finds ${peer} ${version}`);
}

check('nest11', '@ssut/nestjs-sqs', '@nestjs/core', '11');
check('nest11', '@ethberry/nestjs-sqs', '@nestjs/core', '11');
check('nest11', '@nestjs/microservices', '@nestjs/core', '11');
check('nest12', '@nestjs/microservices', '@nestjs/core', '12');
for (const name of ['amqplib', 'amqp-connection-manager', '@nats-io/transport-node', 'ioredis']) {
  const microservices = folderOf('@nestjs/microservices', new URL('./nest12/package.json', import.meta.url));
  console.log(
    `@nestjs/microservices 12 finds ${name} ${versionIn(folderOf(name, join(microservices, 'package.json')))}`,
  );
}
