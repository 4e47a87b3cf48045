export * from './active-policy.service';
export * from './domain';
export * from './policy.module';
export { runPolicyCommand, type PolicyCommandContext } from './policy.command';
export { loadReferenceData } from './reference-data';
