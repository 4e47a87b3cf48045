export { acknowledgementOf, type DeliveredContent } from './acknowledgement';
export { QUESTIONS, settingsOf, type ConformanceReport, type Finding, type Question } from './finding';
export { reportAsJson, reportAsMarkdown } from './report';
export { readSimulation, type LoanReading } from './simulation-reading';
export { PRINTED_MEMBERS, variantsOf } from './webhook-variants';
