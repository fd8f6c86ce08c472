import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * The score of an answer at a validator. Projection `caster_answers` (platform log).
 */
@Index_(["netuid", "batchId", "validator", "artifactId"], {unique: false})
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "claimId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterGrade {
    constructor(props?: Partial<CasterGrade>) {
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
    batchId!: string

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @StringColumn_({nullable: false})
    artifactId!: string

    @StringColumn_({nullable: false})
    claimId!: string

    /**
     * answered, failed
     */
    @StringColumn_({nullable: false})
    status!: string

    @FloatColumn_({nullable: false})
    verdictScore!: number

    @FloatColumn_({nullable: false})
    supportScore!: number

    @FloatColumn_({nullable: false})
    total!: number

    /**
     * null: the grader was not asked
     */
    @StringColumn_({nullable: true})
    graderModel!: string | undefined | null

    @StringColumn_({nullable: true})
    rationaleSha256!: string | undefined | null

    /**
     * micro-USD
     */
    @BigIntColumn_({nullable: false})
    costMicroUsd!: bigint

    /**
     * ms
     */
    @BigIntColumn_({nullable: false})
    runtimeMs!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    gradedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
