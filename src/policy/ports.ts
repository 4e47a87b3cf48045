import type { CalendarDate } from '../kernel';
import type { CompiledLearning, PolicyFinding } from './domain';

/** Whether what a mandate allows covers what loans cost, which takes pricing them. */
export type FloorCheck = (learning: CompiledLearning, on: CalendarDate) => readonly PolicyFinding[];

export const FLOOR_CHECK = Symbol('FloorCheck');
