import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const SCREENSHOTS = join('build', 'browser');
const WIDTHS = [400, 1200];
const SCHEMES = ['light', 'dark'];

/** Starts sample 01 and returns the address of its page. */
async function startSample() {
  const program = join('build', 'sample', '01-one-click-backup', 'run.js');
  const child = spawn(process.execPath, [program, '--serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /Open (\S+) and press the button/.exec(line) ?? [];
    if (url) return { child, url };
  }
  throw new Error('the sample ended before it named its page');
}

/** Presses the button, waits for the backup, and looks at what the page shows. */
async function look(browser, url, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const problems = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('requestfailed', (request) => request.url().endsWith('/events') || problems.push(request.url()));
  await page.goto(url);
  const posted = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Back up all my files' }).click();
  const { id } = await (await posted).json();
  await page.getByText(/^Accepted in \d+ ms\./).waitFor();
  const row = page.getByRole('row').filter({ hasText: id.slice(0, 8) });
  await row.getByText(/^done · 40\/40 files$/).waitFor({ timeout: 30_000 });
  const bar = await row.getByRole('progressbar').boundingBox();
  const column = await row
    .locator('td')
    .nth(1)
    .evaluate((cell) => {
      const { paddingLeft, paddingRight } = getComputedStyle(cell);
      return cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    });
  assert.ok(Math.abs(bar.width - column) <= 1, `the bar is ${bar.width} pixels wide, its column ${column}`);
  assert.ok(bar.width >= 80, `the bar is only ${bar.width} pixels wide`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, `the page is ${overflow} pixels wider than its window`);
  const [text, background] = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('div'));
    probe.style.background = 'Canvas';
    const { color, backgroundColor } = getComputedStyle(probe);
    probe.remove();
    return [color, backgroundColor].map((value) => Number(/\d+/.exec(value)[0]));
  });
  assert.equal(colorScheme === 'dark', text > background, `text ${text} on ${background} in the scheme ${colorScheme}`);
  await page.screenshot({ path: join(SCREENSHOTS, `backup-${width}-${colorScheme}.png`) });
  assert.deepEqual(problems, []);
  await page.close();
  return `${width} pixels, ${colorScheme}: bar of ${Math.round(bar.width)} pixels in a column of ${Math.round(column)}, no console errors`;
}

mkdirSync(SCREENSHOTS, { recursive: true });
const { child, url } = await startSample();
let browser;
try {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  for (const width of WIDTHS) for (const scheme of SCHEMES) console.log(await look(browser, url, width, scheme));
  console.log('browser: the page works');
} finally {
  await browser?.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
}
