// How Stryker runs the cases of the phone's rules: in its own process, each case a test of its own, so that a mutant
// meets only the cases that come by it.

import { answerOf, differ } from "../rules/calls.js";
import { filesOf, rulesOf } from "../rules/node.js";

/** What Stryker puts into the mutated code and reads back. */
const shared = /** @type {any} any: Stryker's own */ (globalThis.__stryker__ ??= {});

/** @typedef {{id: string, run: () => string | null}} Test `run` says what is wrong */

class RulesRunner {
  /** @type {import("../rules/calls.js").Rules | null} */
  rules = null;
  files = filesOf(process.cwd());
  tests = this.files.flatMap(({ name, call, file }) =>
    file.cases.map((/** @type {any} any: JSON */ one, /** @type {number} */ index) => ({
      id: `${name} ${index}: ${one.name}`,
      run: () => {
        const { answer, expected } = answerOf(/** @type {any} */ (this.rules), call, file, one);
        return differ(answer, expected) ? `${JSON.stringify(answer)} instead of ${JSON.stringify(expected)}` : null;
      },
    })),
  );

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.rules = await rulesOf(process.cwd());
    const tests = this.tests.map((test) => {
      shared.currentTestId = test.id;
      const begun = performance.now();
      const failureMessage = failure(test);
      const timeSpentMs = performance.now() - begun;
      shared.currentTestId = undefined;
      return {
        id: test.id,
        name: test.id,
        timeSpentMs,
        ...(failureMessage === null ? { status: 0 } : { status: 1, failureMessage }),
      };
    });
    return { status: "complete", tests, mutantCoverage: shared.mutantCoverage };
  }

  /** @param {any} options any: Stryker's MutantRunOptions */
  async mutantRun({ activeMutant, mutantActivation, reloadEnvironment, hitLimit, testFilter }) {
    Object.assign(shared, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0, activeMutant: undefined });
    if (mutantActivation === "static") shared.activeMutant = activeMutant.id;
    try {
      if (reloadEnvironment || this.rules === null) this.rules = await rulesOf(process.cwd());
    } catch (problem) {
      return { status: "killed", killedBy: [this.tests[0].id], failureMessage: `not loaded: ${problem}`, nrOfTests: 0 };
    }
    shared.activeMutant = activeMutant.id;
    const wanted = testFilter && new Set(testFilter);
    const tests = this.tests.filter(({ id }) => !wanted || wanted.has(id));
    for (const [index, test] of tests.entries()) {
      const failureMessage = failure(test);
      if (shared.hitCount > shared.hitLimit) return { status: "timeout", reason: "went round and round" };
      if (failureMessage !== null)
        return { status: "killed", killedBy: [test.id], failureMessage, nrOfTests: index + 1 };
    }
    return { status: "survived", nrOfTests: tests.length };
  }
}

/** @param {Test} test */
function failure(test) {
  try {
    return test.run();
  } catch (problem) {
    return String(problem);
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "rules", injectableClass: RulesRunner }];
