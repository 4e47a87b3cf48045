import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, type Actor } from '../platform';
import { NumberParam } from './policies.dto';
import { valueOf } from './policy-refusal';
import { CommentBody, PolicyReviewView } from './policy-review.dto';
import { PolicyReviews } from './policy-reviews.service';

/** What authors and approvers say to each other about a version. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies/:number')
export class PolicyReviewController {
  constructor(private readonly reviews: PolicyReviews) {}

  @Get('review')
  @Needs('policies.read')
  @ApiOperation({ summary: 'The change note, the comments, and who opened the difference' })
  @ZodResponse({ status: 200, type: PolicyReviewView })
  async read(@Param() { number }: NumberParam, @CurrentActor() actor: Actor) {
    return valueOf(await this.reviews.read(number, actor));
  }

  @Post('comments')
  @Needs('policies.comment')
  @HttpCode(200)
  @ApiOperation({ summary: 'Comment a line of the difference or the version, or answer a comment' })
  @ApiUnprocessableEntityResponse({ description: 'There is no such line, or no such comment to answer' })
  @ZodResponse({ status: 200, type: PolicyReviewView })
  async comment(@Param() { number }: NumberParam, @Body() body: CommentBody, @CurrentActor() actor: Actor) {
    valueOf(await this.reviews.comment(number, body, actor));
    return valueOf(await this.reviews.read(number, actor));
  }
}
