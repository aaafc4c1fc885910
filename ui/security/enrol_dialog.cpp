// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/security/enrol_dialog.h"

#include "ui/widgets/code_field.h"
#include "ui/widgets/countdown.h"
#include "ui/widgets/fit_height.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace kith::ui {

namespace {

constexpr int kPictureSide = 216;

QLabel *paragraph(const QString &text, const char *name, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    return label;
}

/// Whole pixels a module: scanners read edges, not grey.
QPixmap scaled(const QImage &image, qreal ratio)
{
    constexpr int kQuietModules = 4;
    int first = 0; // pixels to the corner of the finder pattern, on the diagonal
    while (first < image.width() && qGray(image.pixel(first, first)) > 127)
        ++first;
    const int modules = first > 0 ? image.width() * kQuietModules / first : image.width();
    const int perModule = std::max(1, static_cast<int>(kPictureSide * ratio) / std::max(modules, 1));
    const int side = modules * perModule;
    QPixmap pixmap = QPixmap::fromImage(image.scaled(side, side, Qt::KeepAspectRatio, Qt::FastTransformation));
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

} // namespace

QString groupedSecret(const std::string &base32)
{
    QString out;
    for (std::size_t i = 0; i < base32.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            out += QLatin1Char(' ');
        out += QLatin1Char(base32[i]);
    }
    return out;
}

EnrolDialog::EnrolDialog(const Theme &theme, const protocol::EnrollReply &enrolment, QWidget *parent)
    : QDialog(parent), m_secret(enrolment.secret)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Turn on the second factor"));
    setFixedWidth(460);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kS);
    column->addWidget(paragraph(windowTitle(), "Title", this));
    column->addWidget(paragraph(tr("1. Scan this with an authenticator app on your telephone."), "Plain", this));
    m_picture = new QLabel(this);
    // The picture brings its own white ground and quiet zone, whatever the theme is.
    const auto image = QImage::fromData(QByteArray::fromBase64(QByteArray::fromStdString(enrolment.qrPng)), "PNG");
    m_picture->setPixmap(scaled(image, devicePixelRatioF()));
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setAccessibleName(tr("QR code with the secret"));
    column->addWidget(m_picture);
    column->addWidget(paragraph(tr("If you cannot scan it, type this secret into the app:"), "Muted", this));
    auto *secretRow = new QHBoxLayout;
    auto *secret = new QLabel(groupedSecret(m_secret), this);
    secret->setObjectName(QStringLiteral("Secret"));
    secret->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    secret->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    secret->setWordWrap(true);
    secret->setAccessibleName(tr("Secret"));
    auto *copy = new QPushButton(tr("Copy"), this);
    copy->setAutoDefault(false);
    secretRow->addWidget(secret, 1);
    secretRow->addWidget(copy, 0, Qt::AlignTop);
    column->addLayout(secretRow);
    column->addSpacing(space::kS);
    column->addWidget(paragraph(tr("2. Type the code that the app shows now."), "Plain", this));
    m_code = new CodeField(theme, this);
    column->addWidget(m_code);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_submit = new QPushButton(tr("Turn on"), this);
    m_submit->setObjectName(QStringLiteral("Primary"));
    m_submit->setAutoDefault(false);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(m_submit);
    column->addLayout(row);
    fitHeight(*this);
    m_countdown = new Countdown(this);
    connect(m_countdown, &Countdown::ticked, this, [this](int seconds) {
        m_submit->setEnabled(seconds == 0 && !m_busy);
        m_code->setError(seconds > 0 ? tr("Too many attempts. Try again in %n second(s).", nullptr, seconds)
                                     : QString());
    });
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(QString::fromStdString(m_secret)); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &EnrolDialog::submit);
    connect(m_code, &CodeField::completed, this, &EnrolDialog::submit);
    m_code->focusText();
}

void EnrolDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_code->setEnabled(!busy);
    m_submit->setEnabled(!busy && !m_countdown->isRunning());
}

void EnrolDialog::showError(const client::ClientError &error)
{
    if (error.wire && error.wire->code == protocol::ErrorCode::RateLimited && error.wire->retryAfterMs > 0)
        m_countdown->start(std::chrono::milliseconds(error.wire->retryAfterMs));
    else
        m_code->setError(Words::error(error), Words::errorDetail(error));
    m_code->focusText();
}

void EnrolDialog::submit()
{
    if (m_busy || m_countdown->isRunning())
        return;
    if (!m_code->isComplete())
        return m_code->setError(tr("The code has six digits."));
    m_code->setError({});
    emit entered(QString::fromStdString(m_code->code().text));
}

} // namespace kith::ui
