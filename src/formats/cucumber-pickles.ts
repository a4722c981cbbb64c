import { fieldOf, itemsOf, type JsonObject, lineOf, textOf } from './json-values.ts';
import type { Properties } from './report-events.ts';
import { ReportRefusal } from './report-refusal.ts';

/** Scenarios, rows of examples, pickles and test cases of one run. */
const MOST_REMEMBERED = 300_000;

/** A scenario, or one row of its examples, as it is run. */
export interface Scenario {
  readonly suites: readonly string[];
  readonly name: string;
  readonly file: string;
  readonly line: number | null;
  readonly properties?: Properties;
}

/** Remembers what Cucumber messages say of the scenarios before they run. */
export interface Pickles {
  addDocument(document: unknown): void;
  addPickle(pickle: unknown): void;
  addTestCase(testCase: unknown): void;
  /** Gives the scenario of a test case; undefined when the messages did not say. */
  scenarioOf(testCaseId: string): Scenario | undefined;
}

interface Node {
  readonly suites: readonly string[];
  readonly line: number | null;
  /** Which table of examples and which row of it, e.g. ` #1.2`; rows often share the name of the outline. */
  readonly row: string;
}

/** Makes an empty memory of scenarios; the steps in their documents are not kept. */
export function createPickles(): Pickles {
  const nodes = new Map<string, Node>();
  const pickles = new Map<string, Scenario>();
  const testCases = new Map<string, string>();

  function remember<Value>(map: Map<string, Value>, id: string, value: Value): void {
    map.set(id, value);
    if (nodes.size + pickles.size + testCases.size > MOST_REMEMBERED)
      throw new ReportRefusal(
        'LIMIT',
        `The run has more than ${MOST_REMEMBERED} scenarios, pickles and test cases.`,
      );
  }

  function addChildren(parent: unknown, suites: readonly string[]): void {
    for (const child of itemsOf(parent, 'children')) {
      const rule = fieldOf(child, 'rule');
      if (rule != null) addChildren(rule, [...suites, textOf(rule, 'name')]);
      else addScenario(fieldOf(child, 'scenario'), suites);
    }
  }

  function addScenario(scenario: unknown, suites: readonly string[]): void {
    addNode(scenario, { suites, row: '' });
    for (const [table, examples] of itemsOf(scenario, 'examples').entries())
      for (const [row, cells] of itemsOf(examples, 'tableBody').entries())
        addNode(cells, { suites, row: ` #${table + 1}.${row + 1}` });
  }

  function addNode(node: unknown, { suites, row }: Omit<Node, 'line'>): void {
    const id = textOf(node, 'id');
    if (id !== '') remember(nodes, id, { suites, row, line: lineOf(fieldOf(node, 'location')) });
  }

  return {
    addDocument(document) {
      const feature = fieldOf(document, 'feature');
      addChildren(feature, [textOf(feature, 'name')]);
    },
    addPickle(pickle) {
      const node = nodes.get(itemsOf(pickle, 'astNodeIds').map(String).at(-1) ?? '');
      const tags = itemsOf(pickle, 'tags').map((tag) => textOf(tag, 'name'));
      remember(pickles, textOf(pickle, 'id'), {
        suites: node?.suites ?? [],
        name: textOf(pickle, 'name') + (node?.row ?? ''),
        file: textOf(pickle, 'uri'),
        line: node?.line ?? null,
        ...(tags.length > 0 && { properties: { tags: tags.join(', ') } }),
      });
    },
    addTestCase(testCase) {
      remember(testCases, textOf(testCase, 'id'), textOf(testCase, 'pickleId'));
    },
    scenarioOf: (testCaseId) => pickles.get(testCases.get(testCaseId) ?? ''),
  };
}

/** An envelope holds one message; gives its kind and the message. */
export function openEnvelope(envelope: JsonObject): readonly [kind: string, message: unknown] {
  const [first] = Object.entries(envelope);
  return first ?? ['', undefined];
}
