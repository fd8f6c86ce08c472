import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_, JSONColumn as JSONColumn_} from "@subsquid/typeorm-store"

/**
 * State of a submission until the next one. Projection `autoresearch_verdicts` (platform log).
 */
@Index_(["netuid", "submissionId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "taskId"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "status"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchVerdict {
    constructor(props?: Partial<AutoresearchVerdict>) {
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
    submissionId!: string

    @StringColumn_({nullable: false})
    taskId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    status!: string

    @FloatColumn_({nullable: true})
    metric!: number | undefined | null

    @FloatColumn_({nullable: true})
    secondary!: number | undefined | null

    @BigIntColumn_({nullable: true})
    artifactBytes!: bigint | undefined | null

    @FloatColumn_({nullable: true})
    runtimeMs!: number | undefined | null

    @FloatColumn_({nullable: true})
    memoryBytes!: number | undefined | null

    @StringColumn_({nullable: true})
    reasonCode!: string | undefined | null

    @StringColumn_({nullable: true})
    reason!: string | undefined | null

    @StringColumn_({nullable: true})
    decidedBy!: string | undefined | null

    @StringColumn_({nullable: true})
    ruleVersion!: string | undefined | null

    @StringColumn_({nullable: true})
    policyId!: string | undefined | null

    /**
     * against whoever was best then: cause, delta and what was missing, in the noise unit
     */
    @JSONColumn_({nullable: true})
    comparison!: unknown | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    decidedAt!: bigint

    /**
     * why the row ended
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
