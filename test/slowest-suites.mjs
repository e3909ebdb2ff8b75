/** Names the slowest suites at the end of a run that took longer than it should. Fails nothing: see `budgetSeconds` in jest.config.mjs. */
export default class SlowestSuites {
  constructor(_globalConfig, { budgetSeconds }) {
    this.budgetMs = budgetSeconds * 1000;
  }

  onRunComplete(_contexts, { startTime, testResults }) {
    const ms = Date.now() - startTime;
    if (ms <= this.budgetMs) return;
    const slowest = testResults
      .map(({ testFilePath, perfStats, testResults: tests }) => ({
        file: testFilePath,
        ms: perfStats.runtime,
        testMs: tests.reduce((total, test) => total + (test.duration ?? 0), 0),
      }))
      .sort((one, other) => other.ms - one.ms)
      .slice(0, 10);
    console.error(`\nThe run took ${inSeconds(ms)}, more than ${inSeconds(this.budgetMs)}. Its slowest suites:`);
    for (const suite of slowest) {
      const loadMs = Math.max(0, suite.ms - suite.testMs);
      console.error(
        `${inSeconds(suite.ms)}, of which ${inSeconds(loadMs)} before and between its tests: ${suite.file}`,
      );
    }
  }
}

function inSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
