import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

const expected = process.env['NEST_MAJOR'] ?? '12';

it.each(['common', 'core', 'microservices', 'platform-express'])(`runs on @nestjs/%s ${expected}`, (name) => {
  const entry = createRequire(join(process.cwd(), 'package.json')).resolve(`@nestjs/${name}`);
  const { version } = JSON.parse(readFileSync(join(dirname(entry), 'package.json'), 'utf8')) as { version: string };
  expect(version.split('.')[0]).toBe(expected);
});
