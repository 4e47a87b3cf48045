import type { EngineSettings } from '../platform';

/** How the origination module paces its work; engine.yaml says what each means. */
export type OriginationLimits = EngineSettings['origination'];

export const ORIGINATION_LIMITS = Symbol('OriginationLimits');
