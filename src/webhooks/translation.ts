import type { RecordAgentsInput } from '../ingest/record-agents.ts';
import type { RecordBuildInput } from '../ingest/record-build.ts';
import type { RecordStagesInput } from '../ingest/record-stages.ts';

/** A webhook whose sender is known, parsed. */
export interface Delivered {
  /** Event as the header of the delivery names it; empty when no header does. */
  readonly event: string;
  /** What the body holds as JSON. */
  readonly payload: unknown;
  readonly receivedAt: Date;
}

/** A stage as `recordStages` takes it. */
export type StageInput = RecordStagesInput['stages'][number];

/** What a webhook tells: of at most one build, of stages of that build, and of agents; or why nothing of it is kept. */
export type Translation =
  | { readonly ignored: string }
  | {
      /** Carries `isConcluded` when the CI system says how the build ended. */
      readonly build: RecordBuildInput | null;
      readonly stages: readonly StageInput[];
      readonly agents: readonly RecordAgentsInput[];
    };

/** Gives what a webhook tells. Throws nothing: an odd payload is ignored, with the reason. */
export type Translate = (delivered: Delivered) => Translation;
