import { Module } from '@nestjs/common';
import { RecoveryModule } from '../recovery';
import { SenderGround } from './sender-ground';

@Module({ imports: [RecoveryModule], providers: [SenderGround], exports: [SenderGround] })
export class CommandsModule {}
