export { runConformanceCommand, type ConformanceArguments } from './conformance.command';
