export { AUCTION_STATUS, BID_STATUS, BID_TERM, STATUS_REASON } from './auction';
export { FIELD, NO_MARGIN, REASON, reasonWord } from './decision';
export { DIMENSION, MEASURE, WEEKDAY } from './figures';
export {
  ACTION,
  COMMAND_STATUS,
  MARGIN_STATUS,
  OPERATION_FACT,
  OPERATION_STATUS,
  TASK_KIND,
  TOLD_FACT,
} from './operation';
export { PERIODIC_WORK } from './periodic';
export { BALANCE_FAILURE, PROPOSAL_ACTION, PROPOSAL_STATUS } from './proposal';
export { PAYMENT_REFUSAL, qiCodeWord, qiRefusalWord } from './qi-code';
export { asTitle, inProse, inSentence, plainName, wordOf, type Words } from './words';
