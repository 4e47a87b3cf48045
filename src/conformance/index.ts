export { runConformanceCommand, type ConformanceArguments } from './conformance.command';
export { ConformanceModule } from './conformance.module';
export { ConformanceRuns, type ConformanceRun } from './conformance-runs.service';
