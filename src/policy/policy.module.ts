import { Module } from '@nestjs/common';
import { ActivePolicy } from './active-policy.service';

@Module({ providers: [ActivePolicy], exports: [ActivePolicy] })
export class PolicyModule {}
