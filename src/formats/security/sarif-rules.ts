import { fieldOf, isObject, textOf } from '../json-values.ts';
import { ReportRefusal } from '../report-refusal.ts';
import { cutMessage, cutName } from './finding.ts';
import { type SarifResult, scoreOf } from './sarif-result.ts';

const MOST_CHARACTERS = 33_554_432;
const RULE_COST = 256;

/** What is kept of a SARIF rule. */
export interface SarifRule {
  readonly id: string;
  readonly level: string;
  readonly score: unknown;
  /** Messages by id. */
  readonly messages: ReadonlyMap<string, string>;
  /** What it is about, for results without a message. */
  readonly description: string;
}

/** The rules of one run: of its driver and of its extensions. */
export interface SarifRules {
  /**
   * Takes the next rule of the driver (undefined) or of an extension.
   *
   * @throws {ReportRefusal} when the rules are too large; so does `addMessages`
   */
  add(extension: number | undefined, rule: unknown): void;
  /** Takes the messages that all rules of the driver share. */
  addMessages(messages: unknown): void;
  /** Gives the rule of a result; undefined when the run has none. */
  find(result: SarifResult): SarifRule | undefined;
  message(result: SarifResult): string;
}

/** Makes an empty set of rules. */
export function createSarifRules(): SarifRules {
  const lists = new Map<number | undefined, SarifRule[]>();
  const byId = new Map<string, SarifRule>();
  let shared: ReadonlyMap<string, string> = new Map();
  let characters = 0;

  function charge(messages: ReadonlyMap<string, string>, cost: number): void {
    characters += cost;
    for (const [id, text] of messages) characters += id.length + text.length;
    if (characters > MOST_CHARACTERS)
      throw new ReportRefusal('LIMIT', 'The rules of a run are too large (32 Mi characters).');
  }

  function find({ ruleId, ruleIndex, extension }: SarifResult): SarifRule | undefined {
    const indexed = ruleIndex === undefined ? undefined : lists.get(extension)?.[ruleIndex];
    if (indexed != null && (ruleId === '' || isSameRule(ruleId, indexed.id))) return indexed;
    return byId.get(ruleId) ?? byId.get(ruleId.slice(0, Math.max(ruleId.lastIndexOf('/'), 0)));
  }

  return {
    add(extension, value) {
      const rule = takeRule(value);
      charge(rule.messages, RULE_COST + rule.id.length + rule.description.length);
      const list = lists.get(extension) ?? [];
      list.push(rule);
      lists.set(extension, list);
      if (!byId.has(rule.id)) byId.set(rule.id, rule);
    },
    addMessages(messages) {
      shared = takeMessages(messages);
      charge(shared, 0);
    },
    find,
    message(result) {
      const rule = find(result);
      const { messageId, messageArguments, text } = result;
      const template = text || (rule?.messages.get(messageId) ?? shared.get(messageId) ?? '');
      const isTemplate = messageArguments.length > 0 || text === '';
      const message = isTemplate ? fillIn(template, messageArguments) : template;
      return cutMessage(message || (rule?.description ?? ''));
    },
  };
}

/** A result may name a part of a rule: `CA1000/1`. */
function isSameRule(ruleId: string, id: string): boolean {
  return ruleId === id || ruleId.startsWith(`${id}/`);
}

function takeRule(rule: unknown): SarifRule {
  const texts = ['shortDescription', 'fullDescription'].map((key) =>
    textOf(fieldOf(rule, key), 'text'),
  );
  return {
    id: cutName(textOf(rule, 'id')),
    level: cutName(textOf(fieldOf(rule, 'defaultConfiguration'), 'level')),
    score: scoreOf(rule),
    messages: takeMessages(fieldOf(rule, 'messageStrings')),
    description: cutMessage(texts.find((text) => text !== '') ?? textOf(rule, 'name')),
  };
}

function takeMessages(messages: unknown): ReadonlyMap<string, string> {
  if (!isObject(messages)) return new Map();
  return new Map(
    Object.entries(messages).map(([id, message]) => [
      cutName(id),
      cutMessage(textOf(message, 'text')),
    ]),
  );
}

/** SARIF 3.11.5: `{0}` is an argument, `{{` and `}}` are braces. */
function fillIn(template: string, values: readonly string[]): string {
  return template.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (found, index: string | undefined) => {
    if (index === undefined) return found.charAt(0);
    return values[Number(index)] ?? found;
  });
}
