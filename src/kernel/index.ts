export * from './assert';
export * from './business-days';
export * from './calendar-date';
export * from './clock';
export * from './cnpj';
export * from './decimal';
export * from './json';
export * from './personal';
