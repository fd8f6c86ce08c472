import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * What a script gave for a claim, or why it gave nothing. Projection `caster_answers` (platform log).
 */
@Index_(["netuid", "batchId", "artifactId"], {unique: false})
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterAnswer {
    constructor(props?: Partial<CasterAnswer>) {
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

    @StringColumn_({nullable: true})
    sessionId!: string | undefined | null

    @IntColumn_({nullable: true})
    verdict!: number | undefined | null

    @StringColumn_({nullable: true})
    justificationSha256!: string | undefined | null

    @IntColumn_({nullable: true})
    citations!: number | undefined | null

    @StringColumn_({nullable: true})
    errorCode!: string | undefined | null

    /**
     * ms
     */
    @BigIntColumn_({nullable: false})
    runtimeMs!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    answeredAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
