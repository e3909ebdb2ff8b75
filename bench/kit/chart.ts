import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Bench } from './bench.js';
import { missingRival, projectFile } from './packages.js';
import type { Figure } from './results.js';

/** The part of echarts that renders text on a server. */
interface Echarts {
  readonly init: (
    element: null,
    theme: null,
    options: { readonly renderer: 'svg'; readonly ssr: true; readonly width: number; readonly height: number },
  ) => { setOption(option: object): void; renderToSVGString(): string; dispose(): void };
}

const WIDTH = 960;
const BAR_HEIGHT = 16;
/** Space for the title, the legend and the axis. */
const FRAME_HEIGHT = 130;
/** Estimated width of a character. Without a browser, nothing measures text. */
const CHARACTER_WIDTH = 7.5;
/** Bars whose lengths differ by more than this factor share a logarithmic axis. */
const LARGE_RATIO = 30;

/** Draws the quantity that the benchmark marks for its chart. Returns the path from the root of the project. */
export function writeChart(bench: Bench, figures: readonly Figure[]): string {
  const missing = missingRival('nest12', 'echarts');
  if (missing !== undefined) throw new Error(`--chart needs echarts: ${missing}`);
  const shown = figures.filter(({ quantity }) => quantity.chart);
  const candidates = [...new Set(shown.map(({ candidate }) => candidate))];
  const settings = [...new Set(shown.map(({ setting }) => setting))];
  const { init } = createRequire(projectFile('bench/rivals/nest12/package.json'))('echarts') as Echarts;
  const height = FRAME_HEIGHT + candidates.length * (settings.length * BAR_HEIGHT + 8);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption(chartOption(bench, shown, candidates, settings));
  const svg = chart.renderToSVGString();
  chart.dispose();
  const path = `docs/charts/${bench.name}.svg`;
  mkdirSync(projectFile('docs/charts/'), { recursive: true });
  writeFileSync(projectFile(path), `${svg}\n`);
  return path;
}

function chartOption(
  { title }: Bench,
  figures: readonly Figure[],
  candidates: readonly string[],
  settings: readonly string[],
): object {
  const values = figures.map(({ value }) => value);
  const unit = figures[0]?.quantity.unit ?? '';
  const digits = figures[0]?.quantity.digits ?? 0;
  const least = Math.min(...values);
  const longest = Math.max(...candidates.map(({ length }) => length));
  const seriesOf = (setting: string): object => ({
    type: 'bar',
    name: setting,
    data: candidates.map(
      (candidate) => figures.find((one) => one.candidate === candidate && one.setting === setting)?.value ?? null,
    ),
    label: {
      show: true,
      position: 'right',
      formatter: ({ value }: { readonly value: number }) =>
        value.toLocaleString('en', { maximumFractionDigits: digits }),
    },
  });
  return {
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 16 } },
    legend: { top: 32, itemGap: 32, data: settings, show: settings.length > 1 },
    grid: { left: 20 + longest * CHARACTER_WIDTH, right: 90, top: 70, bottom: 50 },
    xAxis: {
      ...(Math.max(...values) / least > LARGE_RATIO
        ? { type: 'log', min: 10 ** Math.floor(Math.log10(least)) }
        : { type: 'value' }),
      name: unit,
      nameLocation: 'middle',
      nameGap: 28,
    },
    yAxis: { type: 'category', data: candidates, inverse: true },
    series: settings.map(seriesOf),
  };
}
