export { AuctionBindings } from './auction-bindings';
export { InboxBindings } from './inbox-bindings';
export { IntakeBindings } from './intake-bindings';
export { OperationBindings } from './operation-bindings';
export { PolicyBindings } from './policy-bindings';
