import type { DemoTest, Language } from './project.ts';
import type { Random } from './random.ts';
import type { ResultRecord } from './records.ts';

type Failure = Pick<ResultRecord, 'status' | 'message' | 'stackTrace'>;

const FAULTS: Readonly<Record<Language, readonly string[]>> = {
  JAVA: [
    'expected: <200> but was: <409>',
    'expected: <12.50> but was: <12.49>',
    'java.lang.NullPointerException: Cannot invoke "com.acme.payments.api.Merchant.limits()" because "merchant" is null',
    'Expecting actual: [CAPTURED] to contain exactly (and in same order): [CAPTURED, REFUNDED]',
    'java.lang.IllegalStateException: transaction is already committed',
  ],
  KOTLIN: [
    'expected:<[SYNCED]> but was:<[PENDING]>',
    'java.lang.IllegalArgumentException: Required value was null.',
    'kotlin.UninitializedPropertyAccessException: lateinit property store has not been initialized',
  ],
  SWIFT: [
    'XCTAssertEqual failed: ("3") is not equal to ("4")',
    'XCTAssertTrue failed',
    'XCTUnwrap failed: expected non-nil value of type "URL"',
  ],
  TYPESCRIPT: [
    'AssertionError: expected 3 to be 4 // Object.is equality',
    'AssertionError: expected "12,50 €" to equal "12.50 €"',
    "TypeError: Cannot read properties of undefined (reading 'items')",
    'TestingLibraryElementError: Unable to find an accessible element with the role "button" and name "Pay now"',
  ],
  PLAYWRIGHT: [
    'Timed out 5000ms waiting for expect(locator).toBeVisible(): getByRole("heading", { name: "Thank you" })',
    'expect(page).toHaveURL(expected): expected "/checkout/done", received "/checkout/payment"',
    'locator.click: strict mode violation: getByRole("button") resolved to 2 elements',
  ],
  BAZEL: [
    'Test failed with exit code 1',
    'Test timed out after 60 s',
    'Segmentation fault (core dumped)',
  ],
};

/** Gives outcome, message and stack trace of a failed attempt, as the test's runner would write them. */
export function describeFailure(test: DemoTest, random: Random): Failure {
  const { behaviour } = test;
  const isFlakyOrBroken = behaviour?.kind === 'FLAKY' || behaviour?.kind === 'BROKEN';
  const message = isFlakyOrBroken ? behaviour.message : random.pick(FAULTS[test.language]);
  const isAssertion = /expect|assert/i.test(message) && !/Exception|TypeError/.test(message);
  return {
    status: isAssertion ? 'FAILED' : 'ERRORED',
    message,
    stackTrace: stackTraceOf(test, message, 20 + ((test.name.length * 7) % 180)),
  };
}

function stackTraceOf(test: DemoTest, message: string, line: number): string {
  const simpleName = test.className.replace(/^.*\./, '');
  switch (test.language) {
    case 'JAVA':
    case 'KOTLIN':
      return [
        message.includes('Exception: ')
          ? message
          : `org.opentest4j.AssertionFailedError: ${message}`,
        `\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)`,
        `\tat ${test.className}.${test.name}(${simpleName}.${test.language === 'JAVA' ? 'java' : 'kt'}:${line})`,
        `\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)`,
        `\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)`,
      ].join('\n');
    case 'SWIFT':
      return `${test.file}:${line}: error: -[${test.className} ${test.name}] : ${message}`;
    case 'TYPESCRIPT':
      return [
        message,
        ` ❯ ${test.file}:${line}:18`,
        ` ❯ node_modules/vitest/dist/runner.js:142:11`,
      ].join('\n');
    case 'PLAYWRIGHT':
      return [
        `Error: ${message}`,
        '',
        'Call log:',
        '  - waiting for locator',
        `    at ${test.file}:${line}:34`,
      ].join('\n');
    case 'BAZEL':
      return `FAIL: ${test.suite}:${test.name} (see bazel-testlogs/${test.suite.slice(2)}/${test.name}/test.log)\n${message}`;
  }
}
