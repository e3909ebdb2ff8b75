import { describe, expect, it } from '@jest/globals';
import { checkOptionNames } from '#lib/common/option-names.js';
import { choiceOption, numberOption } from '#lib/queue/options.js';
import { readPage, rowsOf, toNumber, wrongRows } from './option-tables.js';

const SIZE = '| `size` | 2 KiB (0 to 4 096) | Sets the size. |';
const MODE = '| `mode` | `a` | Selects `a` or `b`. |';
const BOX = '| `box` | as below | Groups options. |';
const MS = '| `box.ms` | 5 (1 to 1 000) | Sets a time. |';

function takeSample(options: { size?: number; mode?: 'a' | 'b'; box?: { ms?: number } }): void {
  const { size, mode, box = {} } = checkOptionNames('', options, { size: true, mode: true, box: true });
  numberOption('size', size, 2048, 0, 4096);
  choiceOption('mode', mode, ['a', 'b']);
  numberOption('box.ms', checkOptionNames('', box, { ms: true }, 'box').ms, 5, 1, 1_000);
}

describe('the check of a page of options', () => {
  it.each<[fault: string, rows: readonly string[], faults: readonly string[]]>([
    ['nothing in a right table', [SIZE, MODE, BOX, MS], []],
    ['a missing option', [SIZE, BOX, MS], ['mode is not on the page']],
    ['a missing option of an object', [SIZE, MODE, BOX], ['box.ms is not on the page']],
    ['an unknown option', [SIZE, MODE, BOX, MS, MS.replace('ms', 's')], ['box.s is no option']],
    ['another number', [SIZE.replace('2 KiB', '2'), MODE, BOX, MS], ['size: the default is 2048']],
    ['prose in place of a number', [SIZE, MODE, BOX, MS.replace('5', 'little')], ['box.ms: the default is 5']],
    ['no default', [SIZE.replace('2 KiB', 'none'), MODE, BOX, MS], ['size: the default is 2048']],
    ['another choice', [SIZE, MODE.replace('| `a`', '| `b`'), BOX, MS], ['mode: the default is a']],
    ['a missing choice', [SIZE, MODE.replace('`b`', 'b'), BOX, MS], ['mode: the effect does not name b']],
    ['another range', [SIZE, MODE, BOX, MS.replace('1 to', '0 to')], ['box.ms: the range is 1 to 1000']],
    ['no range', [SIZE, MODE, BOX, MS.replace(' (1 to 1 000)', '')], ['box.ms: the range is 1 to 1000']],
    ['a range of an object', [SIZE, MODE, BOX.replace('w |', 'w (0 to 1) |'), MS], ['box: there is no range']],
    ['a default without proof', [SIZE, MODE, BOX.replace('as below', '7'), MS], ['box: the code shows no default']],
  ])('finds %s', async (_fault, rows, faults) => {
    const sample = readPage(['## Sample', '| option | default | effect |', '|---|---|---|', ...rows].join('\n'));
    const defaults = { size: 2048, 'box.ms': 5 };
    expect(await wrongRows(rowsOf(sample, 'sample', ['worker']), { build: takeSample, defaults })).toEqual(faults);
  });

  it('adds the rows of the tables that a side takes, without the options that it refuses', () => {
    const takes = 'Text. The worker also takes the options of [a](#base), and refuses `box`.';
    const base = ['## Base', SIZE, BOX, MS, MODE.replace('`mode`', '`mode` (client)')];
    const sample = readPage([...base, '## Own', takes, SIZE.replace('2 KiB', '7')].join('\n'));
    expect([...rowsOf(sample, 'own', ['worker']).values()]).toMatchObject([{ name: 'size', defaultText: '7' }]);
    const wrong = readPage([...base, '## Own', takes.replace('box', 'bag'), SIZE].join('\n'));
    expect(() => rowsOf(wrong, 'own', ['worker'])).toThrow('bag is refused, but no table that is taken has it');
  });

  it('reads numbers with units, and refuses a line that is no row', () => {
    expect(['3000', '16 384 000', '64 MiB', '1 TiB'].map(toNumber)).toEqual([3000, 16_384_000, 2 ** 26, 2 ** 40]);
    expect(['none', '1 00', '5 s', '1,000'].map(toNumber)).toEqual([NaN, NaN, NaN, NaN]);
    expect(() => readPage('## A\n| `size` | 5 |')).toThrow('this line is no row of a table of options: | `size` | 5 |');
  });
});
