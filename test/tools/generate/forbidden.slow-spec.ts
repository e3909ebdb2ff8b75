import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { PROTOCOLS } from '../../../lib/tools/generate/generate-options.js';
import { compile, freshFolder, generateInto, runNode, writeFiles } from './harness.js';

const FORBID = '--disallow-code-generation-from-strings';

/** A program over the package as it is built: encodes and decodes with each protocol, and prints the hex. */
const program = (service: string, options: string): string => `
import { loadService } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import * as backup from './backup.js';
const service = ${service};
const args = { request: { id: 'i', userId: 'u', requestedAt: 5, excludedFolders: ['a', 'b'] } };
for (const protocol of ${JSON.stringify(PROTOCOLS)}) {
  try {
    const codec = createEventCodec([service], { protocol, ...${options} });
    const bytes = codec.encode({ method: 'startBackup', args });
    const [call] = codec.decode(protocol === 'json' ? bytes.toString() : bytes.toString('base64'));
    console.log(protocol, bytes.toString('hex'), call.args.request.excludedFolders.size);
  } catch (error) {
    console.log(protocol, error.message);
  }
}
`;

describe('a process that forbids code generation from strings', () => {
  const folder = freshFolder('forbidden');
  const file = resolve('idl', 'backup.thrift');
  const run = (name: string, ...flags: string[]): string[] =>
    runNode(join(folder, 'js', `${name}.js`), ...flags)
      .trim()
      .split('\n');

  beforeAll(() => {
    generateInto(folder, [file], { protocols: PROTOCOLS });
    expect(compile(folder, 'typescript', true)).toBe('');
    const loaded = `loadService(${JSON.stringify(file)}, 'BackupQueue')`;
    writeFiles(join(folder, 'js'), {
      'generated.js': program('backup.BackupQueue', '{}'),
      'loaded.js': program(loaded, '{}'),
      'ignoring.js': program('backup.BackupQueue', "{ unknownFields: 'ignore' }"),
      'lenient.js': program('backup.BackupQueue', '{ lenient: true }'),
    });
  }, 120_000);

  it('a generated service encodes the same bytes as a service loaded at run time', () => {
    const lines = run('generated', FORBID);
    expect(lines).toEqual(run('loaded'));
    expect(run('ignoring', FORBID)).toEqual(lines);
    expect(lines).toEqual(PROTOCOLS.map((name) => expect.stringMatching(new RegExp(`^${name} [0-9a-f]+ 2$`))));
  });

  it.each([['loaded'], ['lenient']])(
    'a service without generated codecs fails and names the command to run: %s',
    (name) => {
      for (const line of run(name, FORBID)) {
        expect(line).toContain('evaluation of strings is disabled');
        expect(line).toContain('npx nestjs-sqs-thrift generate <files> --out <folder>');
      }
    },
  );
});
