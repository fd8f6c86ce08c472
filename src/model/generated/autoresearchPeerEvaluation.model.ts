import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A miner about the work of another one. Projection `autoresearch_peers` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "evaluator"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchPeerEvaluation {
    constructor(props?: Partial<AutoresearchPeerEvaluation>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    evaluationId!: string

    @StringColumn_({nullable: false})
    submissionId!: string

    @BytesColumn_({nullable: false})
    evaluator!: Uint8Array

    @StringColumn_({nullable: false})
    status!: string

    @FloatColumn_({nullable: true})
    metric!: number | undefined | null

    @StringColumn_({nullable: false})
    notes!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    postedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
